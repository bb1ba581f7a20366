using Polly.Retry;

namespace Rx.Sse.Reconnection;

/// <summary>Turns the reconnection options into those of Polly's own retry, which does the counting and the waiting.</summary>
internal static class ReconnectStrategy
{
    public static RetryStrategyOptions<HttpResponseMessage> Create(SseReconnectStrategyOptions options)
    {
        var delay = new ReconnectDelay(options.Delay, options.MaxDelay, options.BackoffType);
        var shouldHandle = options.ShouldHandle;
        var delayGenerator = options.DelayGenerator;
        var onRetry = options.OnRetry;
        var randomizer = options.Randomizer;
        int maxRetries = options.MaxRetryAttempts;
        bool useJitter = options.UseJitter;

        return new RetryStrategyOptions<HttpResponseMessage>
        {
            Name = options.Name,
            MaxRetryAttempts = maxRetries,
            Delay = options.Delay,
            MaxDelay = options.MaxDelay,
            BackoffType = options.BackoffType,
            OnRetry = Retry,
            Randomizer = randomizer,
            ShouldHandle = shouldHandle is null ? null! : ShouldRetry,
            DelayGenerator = Delay,
        };

        ValueTask<bool> ShouldRetry(RetryPredicateArguments<HttpResponseMessage> arguments)
        {
            // Polly counts the attempts of one outage, a run of failures may be longer.
            FailureRun? run = FailureRun.Of(arguments.Context);
            return run is not null && (run.Final is not null || run.FailuresAt(arguments.AttemptNumber) > maxRetries)
                ? new ValueTask<bool>(false)
                : shouldHandle(arguments);
        }

        async ValueTask<TimeSpan?> Delay(RetryDelayGeneratorArguments<HttpResponseMessage> arguments)
        {
            if (delayGenerator is not null && await delayGenerator(arguments).ConfigureAwait(false) is { } chosen && chosen >= TimeSpan.Zero)
                return chosen;

            FailureRun? run = FailureRun.Of(arguments.Context);
            return delay.After(
                run?.FailuresAt(arguments.AttemptNumber) ?? (int)Math.Min(arguments.AttemptNumber + 1L, int.MaxValue),
                run?.ReconnectionTime,
                (arguments.Outcome.Exception as SseResponseException)?.RetryAfter,
                useJitter ? randomizer() : 0);
        }

        ValueTask Retry(OnRetryArguments<HttpResponseMessage> arguments)
        {
            FailureRun.Of(arguments.Context)?.Retry(
                arguments.AttemptNumber,
                arguments.RetryDelay,
                arguments.Outcome.Exception ?? new SseException("The policy did not accept the response."));
            return onRetry is null ? default : onRetry(arguments);
        }
    }
}
