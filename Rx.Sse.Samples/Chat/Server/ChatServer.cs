using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>Speaks both wire formats, and answers by a few rules, at the pace of a language model.</summary>
internal sealed partial class ChatServer : IAsyncDisposable
{
    public const string Model = "rule-based";

    /// <summary>What it takes for a key: real ones are nothing to play with.</summary>
    public const string Key = "embedded";

    private const int RetryAfterSeconds = 20;
    private static readonly TimeSpan Thinking = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(60);

    private readonly WebApplication _app = EmbeddedServer.CreateBuilder().Build();
    private readonly Answerer _answerer = new(TimeProvider.System);
    private readonly string? _fault;

    private ChatServer(string? fault)
    {
        _fault = fault;
        foreach (IWireFormat format in new IWireFormat[] { new OpenAiFormat(), new AnthropicFormat() })
            _app.MapPost(format.Path, context => AnswerAsync(context, format));
    }

    /// <param name="fault">What is to go wrong, one of <see cref="ServerFault"/>; null for nothing.</param>
    public static async Task<ChatServer> StartAsync(string? fault = null)
    {
        var server = new ChatServer(fault);
        await server._app.StartAsync();
        return server;
    }

    public Uri BaseAddress(string version) => new(_app.Address(), version);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, IWireFormat format)
    {
        Question? question = await ReadAsync(context);
        if (question is not { Stream: true, Messages: [.., { Role: ChatMessage.User }] })
        {
            await RefuseAsync(
                context,
                StatusCodes.Status400BadRequest,
                format.ErrorBody(
                    "invalid_request_error", "This server answers streams of messages whose last one is the user's."));
        }
        else if (_fault == ServerFault.Fail)
        {
            await RefuseAsync(
                context,
                StatusCodes.Status401Unauthorized,
                format.ErrorBody("authentication_error", "The API key is not valid."));
        }
        else if (_fault == ServerFault.Busy)
        {
            context.Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
            await RefuseAsync(
                context,
                StatusCodes.Status429TooManyRequests,
                format.ErrorBody("rate_limit_error", "There have been too many requests."));
        }
        else
        {
            await StreamAsync(context, format, _answerer.Answer(question.Messages));
        }
    }

    private async Task StreamAsync(HttpContext context, IWireFormat format, string answer)
    {
        string[] words = [.. Word().Matches(answer).Select(match => match.Value)];
        context.Response.ContentType = "text/event-stream";
        await SendAsync(context, format.Begin);
        await Task.Delay(Thinking, context.RequestAborted);
        for (int i = 0; i < words.Length; i++)
        {
            if (_fault is not null && i == (words.Length + 1) / 2)
            {
                await GoWrongAsync(context, format);
                return;
            }

            await SendAsync(context, format.Piece(words[i]));
            await Task.Delay(
                ShortestPause + Random.Shared.NextDouble() * (LongestPause - ShortestPause), context.RequestAborted);
        }

        await SendAsync(context, format.End);
    }

    private async Task GoWrongAsync(HttpContext context, IWireFormat format)
    {
        if (_fault == ServerFault.Stall)
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        else if (_fault == ServerFault.Drop)
            throw new IOException(
                "The connection is dropped once all has been sent; an abort might not wait for that.");
        else if (_fault == ServerFault.Error)
            await SendAsync(context, format.ErrorEvent("overloaded_error", "The server is overloaded."));
    }

    private static async Task<Question?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<Question>(
                context.Request.Body, JsonSerializerOptions.Web, context.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    private static async Task SendAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    /// <summary>A word with the space before it, as language models cut text.</summary>
    [GeneratedRegex(@"\s*\S+")]
    private static partial Regex Word();

    private sealed record Question(IReadOnlyList<ChatMessage>? Messages, bool Stream);
}
