using System.Net.Http.Json;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Sse.Samples.Chat;

/// <summary>Asks a provider, and delivers a complete answer or an error.</summary>
/// <param name="client">Its base address is that of the API.</param>
/// <param name="isAnthropic">Whether to use Anthropic's API, or that of OpenAI and most others.</param>
/// <param name="model">The provider's name of the model.</param>
/// <param name="key">The API key; null for none.</param>
/// <param name="idleTimeout">The maximum time the server may stay silent.</param>
/// <param name="scheduler">The clock of that timeout and of the waits.</param>
internal sealed class ChatClient(
    HttpClient client,
    bool isAnthropic,
    string model,
    string? key,
    TimeSpan idleTimeout,
    IScheduler? scheduler = null)
{
    /// <summary>The maximum length of an answer. Anthropic's API has no default.</summary>
    private const int MaxTokens = 4096;

    private readonly SseOptions _options = new()
    {
        IdleTimeout = idleTimeout,
        ShouldAcceptResponse = IsAnswer,

        // An answer costs money. The request is sent again only if the server has refused it, so before any answer.
        Resend = SseResend.WhenRefused,
        Reconnection = SseReconnection.Default with
        {
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = TimeSpan.FromSeconds(8),
            MaxRetryAttempts = 5,

            // Jitter would be added to Retry-After.
            UseJitter = false,
            ShouldHandle = failure => failure.Outcome.Exception is SseResponseException
                ? SseReconnection.Default.ShouldHandle(failure)
                : new(false),
        },

        // Some servers do not send the blank line after the last event.
        EndOfStream = SseEndOfStream.Fail,
        DispatchUnterminatedEvent = true,
    };

    /// <summary>
    /// Returns the answer to the last message. Each subscription sends the request, and sends it again while it is
    /// refused. Disposing of the subscription closes the connection, and the provider stops. Fails with an
    /// <see cref="SseException"/>, after the text so far, if the answer is not complete.
    /// </summary>
    public IObservable<AnswerPart> Ask(IReadOnlyList<ChatMessage> conversation) => Observable.Defer(() =>
    {
        var reader = new AnswerReader();
        return Observable
            .FromSseSignals(client, SseRequest.Create(() => CreateRequest(conversation)), _options, scheduler)
            .SelectMany(IEnumerable<AnswerPart> (signal) => signal switch
            {
                SseEvent e => reader.Read(e),
                SseDisconnected { Delay: { } delay, Reason: var reason } =>
                    [new AnswerDelayed(delay, Explain(reason, reader).Message)],
                _ => [],
            })
            .Concat(Observable.Throw<AnswerPart>(new ChatException("There was no answer.")))
            .TakeWhile(part => part is not AnswerFinished)
            .Catch((Exception error) => Observable.Throw<AnswerPart>(Explain(error, reader)));
    });

    /// <summary>Many servers send another content type, or none. An HTML page is never an answer.</summary>
    private static bool IsAnswer(HttpResponseMessage response) =>
        response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is not "text/html";

    private HttpRequestMessage CreateRequest(IReadOnlyList<ChatMessage> messages)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, isAnthropic ? "v1/messages" : "chat/completions")
        {
            Content = isAnthropic
                ? JsonContent.Create(new { model, max_tokens = MaxTokens, messages, stream = true })
                : JsonContent.Create(new { model, messages, stream = true }),
        };
        if (isAnthropic)
            request.Headers.Add("anthropic-version", "2023-06-01");
        if (key is not null)
            request.Headers.Add(isAnthropic ? "x-api-key" : "Authorization", isAnthropic ? key : $"Bearer {key}");
        return request;
    }

    /// <summary>Says what a failure means for the answer. The failure itself is the inner exception.</summary>
    private static Exception Explain(Exception error, AnswerReader reader) => error switch
    {
        SseResponseException refused when ProviderError.InBody(refused.Body) is { } words =>
            new ChatException(words, refused),
        SseIdleTimeoutException => new ChatException($"The answer has stalled.{reader.LastWords}", error),
        SseConnectionException when !reader.HasBegun && reader.LastWords.Length == 0 => error,
        SseEndOfStreamException or SseConnectionException => new ChatException(
            $"{(reader.HasBegun ? "The answer broke off." : "There was no answer.")}{reader.LastWords}", error),
        _ => error,
    };
}
