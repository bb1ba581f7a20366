using Polly;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// The reconnection policies of the stories. They are in one place, because the API for policies may change while the
/// traces stay the same.
/// </summary>
internal static class Policy
{
    public static SseOptions WithoutJitter { get; } =
        new() { Reconnection = SseReconnection.Default with { UseJitter = false } };

    public static SseOptions Never(this SseOptions options) => options with { Reconnection = SseReconnection.Never };

    /// <summary>The preset that is as strict as a browser. It has jitter.</summary>
    public static SseOptions Strict(this SseOptions options) =>
        options with { Reconnection = SseReconnection.Strict };

    /// <summary>The default policy without jitter, with the given changes.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="delay">The base delay, in seconds.</param>
    /// <param name="maxDelay">The longest delay after further failures, in seconds.</param>
    /// <param name="backoff">How the delay grows with further failures.</param>
    /// <param name="maxRetryAttempts">How many failures in a row are allowed.</param>
    /// <param name="shouldHandle">Whether to retry after the given failure.</param>
    /// <param name="delayGenerator">
    /// Returns the delay in seconds after the given number of failures; null for the default.
    /// </param>
    /// <param name="onRetry">
    /// Called for each retry with the attempt number, the delay in seconds, and the failure.
    /// </param>
    /// <param name="aroundOutage">Adds strategies around a whole outage.</param>
    /// <param name="aroundAttempt">Adds strategies around each attempt.</param>
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
            Reconnection = SseReconnection.Default with
            {
                UseJitter = false,
                Delay = delay is { } seconds ? TimeSpan.FromSeconds(seconds) : SseReconnection.Default.Delay,
                MaxDelay = maxDelay is { } most ? TimeSpan.FromSeconds(most) : SseReconnection.Default.MaxDelay,
                BackoffType = backoff ?? SseReconnection.Default.BackoffType,
                MaxRetryAttempts = maxRetryAttempts ?? SseReconnection.Default.MaxRetryAttempts,
                ShouldHandle = shouldHandle is null
                    ? SseReconnection.Default.ShouldHandle
                    : arguments => new(shouldHandle(arguments.Outcome.Exception)),
                DelayGenerator = delayGenerator is null
                    ? null
                    : arguments => new(
                        delayGenerator(arguments.AttemptNumber) is { } chosen ? TimeSpan.FromSeconds(chosen) : null),
                OnRetry = onRetry is null
                    ? null
                    : arguments =>
                    {
                        onRetry(
                            arguments.AttemptNumber,
                            arguments.RetryDelay.TotalSeconds,
                            arguments.Outcome.Exception);
                        return default;
                    },
                ConfigureOutage = aroundOutage,
                ConfigureAttempt = aroundAttempt,
            },
        };
}
