using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>A server with the APIs of OpenAI and Anthropic, as slow as a language model.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    public const string Model = "rule-based";

    /// <summary>The key that the sample sends to it, in place of a real one.</summary>
    public const string Key = "embedded";

    private static readonly TimeSpan BetweenWords = TimeSpan.FromMilliseconds(40);

    private readonly WebApplication _app = EmbeddedServer.CreateBuilder().Build();
    private readonly string? _fault;
    private int _requestCount;

    /// <param name="fault">What goes wrong, one of <see cref="Faults"/>; null for nothing.</param>
    public ChatServer(string? fault)
    {
        _fault = fault;
        foreach (WireFormat format in new[] { WireFormat.OpenAi, WireFormat.Anthropic })
            _app.MapPost(format.Path, (Question question, HttpResponse response) => Answer(question, response, format));
    }

    public static string[] Faults { get; } = ["fail", "busy", "error", "stall", "drop", "end", "cut"];

    public Uri Address => _app.Address();

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(Question question, HttpResponse response, WireFormat format)
    {
        if (_fault == "fail")
            return Refuse(StatusCodes.Status401Unauthorized, "The API key is not valid.");
        if (_fault != "busy" || Interlocked.Increment(ref _requestCount) > 1)
            return TypedResults.ServerSentEvents(StreamAsync(format, Answers.To(question.Messages).Split(' ')));
        response.Headers.RetryAfter = "2";
        return Refuse(StatusCodes.Status429TooManyRequests, "Too many requests.");
    }

    private async IAsyncEnumerable<SseItem<string>> StreamAsync(
        WireFormat format, string[] words, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        bool isComplete = _fault is null or "busy";
        for (int i = 0; i < (isComplete ? words.Length : (words.Length + 1) / 2); i++)
        {
            yield return format.Piece(i == 0 ? words[i] : $" {words[i]}");
            await Task.Delay(BetweenWords, cancellation);
        }

        if (_fault == "stall")
            await Task.Delay(Timeout.Infinite, cancellation);
        if (_fault == "drop")
            throw new IOException("This breaks the connection.");
        if (_fault == "error")
            yield return new SseItem<string>(JsonSerializer.Serialize(Error("The server is overloaded.")), "error");
        foreach (SseItem<string> last in isComplete || _fault == "cut" ? format.End(!isComplete) : [])
            yield return last;
    }

    private static JsonHttpResult<object> Refuse(int status, string message) =>
        TypedResults.Json(Error(message), statusCode: status);

    private static object Error(string message) => new { type = "error", error = new { type = "api_error", message } };

    private sealed record Question(IReadOnlyList<ChatMessage> Messages);
}
