using System.Net.Http.Json;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Anthropic's messages. The events have names: <c>content_block_delta</c> brings the next piece of the answer,
/// <c>message_stop</c> is the last one, <c>error</c> may come at any time.
/// </summary>
/// <param name="client">Its base address is that of the host, such as <c>https://api.anthropic.com/</c>.</param>
/// <param name="model">The provider's name for who is to answer.</param>
/// <param name="key">Null where none is needed.</param>
/// <param name="idleTimeout">How long the server may be silent.</param>
/// <param name="scheduler">The clock of that timeout.</param>
internal sealed class AnthropicApi(
    HttpClient client, string model, string? key, TimeSpan idleTimeout, IScheduler? scheduler = null) : IChatApi
{
    /// <summary>How long an answer may become. This API has no default.</summary>
    private const int MaxTokens = 4096;

    /// <summary>The version of the wire format, which has not changed since that day.</summary>
    private const string Version = "2023-06-01";

    private readonly SseOptions _options = new() { EndOfStream = SseEndOfStream.Fail, IdleTimeout = idleTimeout };

    public IObservable<string> Answer(IReadOnlyList<ChatMessage> conversation)
    {
        var body = new AnthropicRequest(model, MaxTokens, conversation, Stream: true);
        var request = SseRequest.Create(() =>
        {
            var message = new HttpRequestMessage(HttpMethod.Post, "v1/messages")
            {
                Headers = { { "anthropic-version", Version } },
                Content = JsonContent.Create(body, AnthropicJson.Default.AnthropicRequest),
            };
            if (key is not null)
                message.Headers.Add("x-api-key", key);
            return message;
        });
        return Observable.FromSse(client, request, ReadPiece, _options, scheduler)
            .TakeWhile(piece => piece is not null)
            .Select(piece => piece!)
            .ExplainErrors()
            .Where(piece => piece.Length > 0);
    }

    /// <summary>The text in an event, which may be empty; null at the end of the answer.</summary>
    private static string? ReadPiece(SseUtf8Event e)
    {
        if (e.IsType("content_block_delta"u8))
            return Deserialize(e)?.Delta?.Text ?? "";
        if (e.IsType("message_stop"u8))
            return null;
        if (e.IsType("error"u8))
            throw (Deserialize(e)?.Error ?? new ApiErrorDetail(null, null)).ToException();
        if (e.IsType("message_delta"u8) && Deserialize(e)?.Delta?.StopReason == "max_tokens")
            throw new ChatException("The answer is cut off here: it has reached its limit of tokens.");

        // message_start, content_block_start, content_block_stop, ping, and whatever is added one day.
        return "";
    }

    private static AnthropicEvent? Deserialize(SseUtf8Event e) =>
        JsonSerializer.Deserialize(e.Data, AnthropicJson.Default.AnthropicEvent);
}

internal sealed record AnthropicRequest(string Model, int MaxTokens, IReadOnlyList<ChatMessage> Messages, bool Stream);

/// <summary>What is of interest in any of the events.</summary>
internal sealed record AnthropicEvent(AnthropicDelta? Delta, ApiErrorDetail? Error);

internal sealed record AnthropicDelta(string? Text, string? StopReason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AnthropicRequest))]
[JsonSerializable(typeof(AnthropicEvent))]
internal sealed partial class AnthropicJson : JsonSerializerContext;
