using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// OpenAI's chat completions, which many other providers and local servers speak, too. Each event is a JSON object with
/// the next piece of the answer; the last one is <c>[DONE]</c>.
/// </summary>
/// <param name="client">Its base address ends with the version, such as <c>https://api.openai.com/v1/</c>.</param>
/// <param name="model">The provider's name for who is to answer.</param>
/// <param name="key">Null where none is needed.</param>
/// <param name="idleTimeout">How long the server may be silent.</param>
/// <param name="scheduler">The clock of that timeout.</param>
internal sealed class OpenAiApi(
    HttpClient client, string model, string? key, TimeSpan idleTimeout, IScheduler? scheduler = null) : IChatApi
{
    private readonly SseOptions _options = new() { EndOfStream = SseEndOfStream.Fail, IdleTimeout = idleTimeout };

    public IObservable<string> Answer(IReadOnlyList<ChatMessage> conversation)
    {
        var body = new OpenAiRequest(model, conversation, Stream: true);
        var request = SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Post, "chat/completions")
        {
            Headers = { Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key) },
            Content = JsonContent.Create(body, OpenAiJson.Default.OpenAiRequest),
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
        if (e.Data.SequenceEqual("[DONE]"u8))
            return null;

        OpenAiChunk? chunk = JsonSerializer.Deserialize(e.Data, OpenAiJson.Default.OpenAiChunk);
        if (chunk?.Error is { } error)
            throw error.ToException();
        if (chunk?.Choices is not [var choice, ..])
            return "";
        if (choice.FinishReason == "length")
            throw new ChatException("The answer is cut off here: the model has reached its limit of tokens.");
        return choice.Delta?.Content ?? "";
    }
}

internal sealed record OpenAiRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream);

internal sealed record OpenAiChunk(IReadOnlyList<OpenAiChoice>? Choices, ApiErrorDetail? Error);

internal sealed record OpenAiChoice(OpenAiDelta? Delta, string? FinishReason);

internal sealed record OpenAiDelta(string? Content);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OpenAiRequest))]
[JsonSerializable(typeof(OpenAiChunk))]
internal sealed partial class OpenAiJson : JsonSerializerContext;
