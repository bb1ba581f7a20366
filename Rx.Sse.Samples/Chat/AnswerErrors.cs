using System.Globalization;
using System.Reactive.Linq;
using System.Text.Json;

namespace Rx.Sse.Samples.Chat;

internal static class AnswerErrors
{
    /// <summary>Says of a failure what it means for the answer. What happened exactly stays inside.</summary>
    public static IObservable<string> ExplainErrors(this IObservable<string> answer) => Observable.Defer(() =>
    {
        bool hasBegun = false;
        return answer
            .Do(_ => hasBegun = true)
            .Catch((Exception error) => Observable.Throw<string>(Explain(error, hasBegun)));
    });

    private static Exception Explain(Exception error, bool hasBegun) => error switch
    {
        SseResponseException refused when ApiError.MessageIn(refused.Body) is { } message =>
            new ChatException(WithRetryAfter(message, refused), refused),
        SseIdleTimeoutException => new ChatException("The answer has stalled.", error),
        SseEndOfStreamException => new ChatException("The answer broke off.", error),
        SseConnectionException when hasBegun => new ChatException("The answer broke off.", error),
        JsonException => new ChatException("The server does not speak this API.", error),
        _ => error,
    };

    private static string WithRetryAfter(string message, SseResponseException refused) =>
        refused.RetryAfter is { } delay
        ? string.Create(CultureInfo.InvariantCulture, $"{message} Try again in {delay.TotalSeconds:0} s.")
        : message;
}
