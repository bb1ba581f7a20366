using Polly;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// The reconnection policies of the stories, in one place, because how a policy is written may change while the traces
/// stay.
/// </summary>
internal static class Policy
{
    public static SseOptions WithoutJitter { get; } = new() { Reconnection = SseReconnection.WithoutJitter };

    public static SseOptions Never(this SseOptions options) => options with { Reconnection = SseReconnection.Never };

    /// <summary>The preset that is as strict as a browser. It has jitter.</summary>
    public static SseOptions Strict(this SseOptions options) =>
        options with { Reconnection = SseReconnection.EventSource };

    /// <summary>The default without jitter, changed as given.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="delay">The base, in seconds.</param>
    /// <param name="maxDelay">What further failures can raise it to, in seconds.</param>
    /// <param name="backoff">How they raise it.</param>
    /// <param name="maxRetryAttempts">How many failures in a row are allowed.</param>
    /// <param name="shouldHandle">Whether to retry after that failure.</param>
    /// <param name="delayGenerator">The delay in seconds after that many failures; null for the default.</param>
    /// <param name="onRetry">Told of each retry: the attempt number, the delay in seconds, and the failure.</param>
    /// <param name="aroundOutage">Strategies that see a whole outage.</param>
    /// <param name="aroundAttempt">Strategies that see each attempt.</param>
    public static SseOptions Reconnect(
        this SseOptions options,
        double? delay = null,
        double? maxDelay = null,
        DelayBackoffType? backoff = null,
        int? maxRetryAttempts = null,
        Func<Exception?, bool>? shouldHandle = null,
        Func<int, double?>? delayGenerator = null,
        Action<int, double, Exception?>? onRetry = null,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>>? aroundOutage = null,
        Action<ResiliencePipelineBuilder<HttpResponseMessage>>? aroundAttempt = null) => options with
        {
            Reconnection = builder =>
            {
                var reconnect = new SseReconnectStrategyOptions { UseJitter = false };
                if (delay is { } seconds)
                    reconnect.Delay = TimeSpan.FromSeconds(seconds);
                if (maxDelay is { } most)
                    reconnect.MaxDelay = TimeSpan.FromSeconds(most);
                if (backoff is { } type)
                    reconnect.BackoffType = type;
                if (maxRetryAttempts is { } attempts)
                    reconnect.MaxRetryAttempts = attempts;
                if (shouldHandle is not null)
                    reconnect.ShouldHandle = arguments => new(shouldHandle(arguments.Outcome.Exception));
                if (delayGenerator is not null)
                    reconnect.DelayGenerator = arguments => new(
                        delayGenerator(arguments.AttemptNumber) is { } chosen ? TimeSpan.FromSeconds(chosen) : null);
                if (onRetry is not null)
                {
                    reconnect.OnRetry = arguments =>
                    {
                        onRetry(
                            arguments.AttemptNumber,
                            arguments.RetryDelay.TotalSeconds,
                            arguments.Outcome.Exception);
                        return default;
                    };
                }

                aroundOutage?.Invoke(builder);
                builder.AddSseReconnect(reconnect);
                aroundAttempt?.Invoke(builder);
            },
        };
}
