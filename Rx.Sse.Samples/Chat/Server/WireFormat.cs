using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>The format of a provider's answers.</summary>
/// <param name="Path">The path of the API.</param>
/// <param name="Piece">Creates the event for a piece of the answer.</param>
/// <param name="End">Creates the last events. The argument is whether the answer is cut off.</param>
internal sealed record WireFormat(
    string Path, Func<string, SseItem<string>> Piece, Func<bool, SseItem<string>[]> End)
{
    public static WireFormat OpenAi { get; } = new(
        "/v1/chat/completions",
        content => Event(null, new { choices = new[] { new { delta = new { content } } } }),
        isCut =>
        [
            Event(null, new { choices = new[] { new { delta = new { }, finish_reason = isCut ? "length" : "stop" } } }),
            new SseItem<string>("[DONE]"),
        ]);

    public static WireFormat Anthropic { get; } = new(
        "/v1/messages",
        text => Event(
            "content_block_delta",
            new { type = "content_block_delta", index = 0, delta = new { type = "text_delta", text } }),
        isCut =>
        [
            Event("message_delta", new { delta = new { stop_reason = isCut ? "max_tokens" : "end_turn" } }),
            Event("message_stop", new { type = "message_stop" }),
        ]);

    private static SseItem<string> Event(string? type, object value) => new(JsonSerializer.Serialize(value), type);
}
