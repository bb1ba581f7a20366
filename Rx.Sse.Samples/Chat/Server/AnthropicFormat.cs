using System.Text.Json;

namespace Rx.Sse.Samples.Chat.Server;

internal sealed class AnthropicFormat : IWireFormat
{
    private const string Id = "msg_1";

    public string Path => "/v1/messages";

    public string Begin =>
        Event("message_start", new
        {
            type = "message_start",
            message = new
            {
                id = Id,
                type = "message",
                role = "assistant",
                model = ChatServer.Model,
                content = Array.Empty<object>(),
                stop_reason = (string?)null,
                usage = new { input_tokens = 0, output_tokens = 0 },
            },
        })
        + Event(
            "content_block_start",
            new { type = "content_block_start", index = 0, content_block = new { type = "text", text = "" } })
        + Event("ping", new { type = "ping" });

    public string End =>
        Event("content_block_stop", new { type = "content_block_stop", index = 0 })
        + Event(
            "message_delta",
            new { type = "message_delta", delta = new { stop_reason = "end_turn" }, usage = new { output_tokens = 0 } })
        + Event("message_stop", new { type = "message_stop" });

    public string Piece(string text) =>
        Event(
            "content_block_delta",
            new { type = "content_block_delta", index = 0, delta = new { type = "text_delta", text } });

    public string ErrorEvent(string type, string message) => $"event: error\ndata: {ErrorBody(type, message)}\n\n";

    public string ErrorBody(string type, string message) =>
        JsonSerializer.Serialize(new { type = "error", error = new { type, message } });

    private static string Event(string name, object value) =>
        $"event: {name}\ndata: {JsonSerializer.Serialize(value)}\n\n";
}
