using System.Text.Json;

namespace Rx.Sse.Samples.Chat.Server;

internal sealed class OpenAiFormat : IWireFormat
{
    private const string Id = "chatcmpl-1";

    public string Path => "/v1/chat/completions";

    public string Begin => Chunk(new { role = "assistant", content = "" });

    public string End => Chunk(new { }, "stop") + "data: [DONE]\n\n";

    public string Piece(string text) => Chunk(new { content = text });

    public string ErrorEvent(string type, string message) => $"data: {ErrorBody(type, message)}\n\n";

    public string ErrorBody(string type, string message) =>
        JsonSerializer.Serialize(new { error = new { message, type, param = (string?)null, code = (string?)null } });

    private static string Chunk(object delta, string? finishReason = null)
    {
        string chunk = JsonSerializer.Serialize(new
        {
            id = Id,
            @object = "chat.completion.chunk",
            created = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            model = ChatServer.Model,
            choices = new[] { new { index = 0, delta, finish_reason = finishReason } },
        });
        return $"data: {chunk}\n\n";
    }
}
