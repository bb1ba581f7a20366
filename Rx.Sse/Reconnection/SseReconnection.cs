using Polly;
using Polly.Retry;
using Rx.Sse.Reconnection;

namespace Rx.Sse;

/// <summary>Ready-made values of <see cref="SseOptions.Reconnection"/>, and the predicates they are made of.</summary>
public static class SseReconnection
{
    /// <summary>
    /// Reconnects after everything that may pass: a connection that failed or broke, a timeout, the end of the stream,
    /// and the statuses 408, 429, 500, 502, 503 and 504. The delays are those of <see cref="SseReconnectStrategyOptions"/>.
    /// </summary>
    public static Action<ResiliencePipelineBuilder<HttpResponseMessage>> Default { get; } =
        static builder => builder.AddSseReconnect(new SseReconnectStrategyOptions());

    /// <summary>
    /// Reconnects as a browser's <c>EventSource</c> does (WHATWG HTML, section 9.2.3): after network errors and the
    /// end of the stream, while any response other than an event stream is final. Same delays as <see cref="Default"/>.
    /// </summary>
    public static Action<ResiliencePipelineBuilder<HttpResponseMessage>> EventSource { get; } =
        static builder => builder.AddSseReconnect(new SseReconnectStrategyOptions { ShouldHandle = IsNetworkError });

    /// <summary>
    /// As <see cref="Default"/>, but without jitter: the delays are the same every time. For tests; in production,
    /// clients that were dropped together would come back together.
    /// </summary>
    public static Action<ResiliencePipelineBuilder<HttpResponseMessage>> WithoutJitter { get; } =
        static builder => builder.AddSseReconnect(new SseReconnectStrategyOptions { UseJitter = false });

    /// <summary>Never reconnects: the end of the stream completes it, and a failure fails it, at once.</summary>
    public static Action<ResiliencePipelineBuilder<HttpResponseMessage>> Never { get; } = static _ => { };

    /// <summary>The predicate of <see cref="Default"/>, for <see cref="RetryStrategyOptions{TResult}.ShouldHandle"/>.</summary>
    public static ValueTask<bool> IsTransient(RetryPredicateArguments<HttpResponseMessage> arguments) =>
        new(Failure.IsTransient(arguments.Outcome.Exception));

    /// <summary>The predicate of <see cref="EventSource"/>, for <see cref="RetryStrategyOptions{TResult}.ShouldHandle"/>.</summary>
    public static ValueTask<bool> IsNetworkError(RetryPredicateArguments<HttpResponseMessage> arguments) =>
        new(Failure.IsLoss(arguments.Outcome.Exception));
}
