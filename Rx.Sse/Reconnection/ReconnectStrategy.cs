using Polly;
using Polly.Retry;
using Polly.Telemetry;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Reconnection;

/// <summary>
/// Retries as Polly's own strategy does, with what event streams need besides: a run of failures that spans
/// executions, the server's word on delays, and waits that end on the thread where they are ended.
/// </summary>
internal sealed class ReconnectStrategy : ResilienceStrategy<HttpResponseMessage>
{
    private readonly TimeProvider _time;
    private readonly ResilienceStrategyTelemetry _telemetry;
    private readonly ReconnectDelay _delay;
    private readonly int _maxRetryAttempts;
    private readonly Func<double>? _jitter;
    private readonly Func<RetryPredicateArguments<HttpResponseMessage>, ValueTask<bool>> _shouldHandle;
    private readonly Func<RetryDelayGeneratorArguments<HttpResponseMessage>, ValueTask<TimeSpan?>>? _delayGenerator;
    private readonly Func<OnRetryArguments<HttpResponseMessage>, ValueTask>? _onRetry;

    public ReconnectStrategy(SseReconnectStrategyOptions options, StrategyBuilderContext context)
    {
        _time = context.TimeProvider;
        _telemetry = context.Telemetry;
        _delay = new ReconnectDelay(options.Delay, options.MaxDelay, options.BackoffType);
        _maxRetryAttempts = options.MaxRetryAttempts;
        _jitter = options.UseJitter ? options.Randomizer : null;
        _shouldHandle = options.ShouldHandle;
        _delayGenerator = options.DelayGenerator;
        _onRetry = options.OnRetry;
    }

    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state)
    {
        for (int attempt = 0; ; attempt = Math.Min(attempt, int.MaxValue - 1) + 1)
        {
            long start = _time.GetTimestamp();
            Outcome<HttpResponseMessage> outcome = await ExecuteAsync(callback, context, state).ConfigureAwait(context.ContinueOnCapturedContext);
            TimeSpan duration = _time.GetElapsedTime(start);

            bool isHandled = await _shouldHandle(new(context, outcome, attempt)).ConfigureAwait(context.ContinueOnCapturedContext);
            _telemetry.Report(
                new(isHandled ? ResilienceEventSeverity.Warning : ResilienceEventSeverity.Information, "ExecutionAttempt"),
                context,
                outcome,
                new ExecutionAttemptArguments(attempt, duration, isHandled));
            if (!isHandled || context.CancellationToken.IsCancellationRequested || !MayRetry(context, outcome, attempt))
                return outcome;

            TimeSpan delay = await DelayAfterAsync(context, outcome, attempt).ConfigureAwait(context.ContinueOnCapturedContext);
            var retry = new OnRetryArguments<HttpResponseMessage>(context, outcome, attempt, delay, duration);
            _telemetry.Report<OnRetryArguments<HttpResponseMessage>, HttpResponseMessage>(new(ResilienceEventSeverity.Warning, "OnRetry"), context, outcome, retry);
            FailureRun.Of(context)?.Retry(attempt, delay, outcome.Exception);
            if (_onRetry is not null)
                await _onRetry(retry).ConfigureAwait(context.ContinueOnCapturedContext);
            outcome.Result?.Dispose();

            try
            {
                await InlineDelay.WaitAsync(_time, delay, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
            }
            catch (OperationCanceledException exception)
            {
                return Outcome.FromException<HttpResponseMessage>(exception);
            }
        }
    }

    private static async ValueTask<Outcome<HttpResponseMessage>> ExecuteAsync<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state)
    {
        try
        {
            return await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    private bool MayRetry(ResilienceContext context, Outcome<HttpResponseMessage> outcome, int attempt)
    {
        FailureRun? run = FailureRun.Of(context);
        if (run?.Final is not null && outcome.Exception is not null)
            return false;

        bool isWithinLimit = FailuresAt(run, attempt) <= _maxRetryAttempts;
        if (!isWithinLimit)
            run?.HasReachedLimit = true;
        return isWithinLimit;
    }

    private async ValueTask<TimeSpan> DelayAfterAsync(ResilienceContext context, Outcome<HttpResponseMessage> outcome, int attempt)
    {
        if (_delayGenerator is not null)
        {
            var arguments = new RetryDelayGeneratorArguments<HttpResponseMessage>(context, outcome, attempt);
            TimeSpan? chosen = await _delayGenerator(arguments).ConfigureAwait(context.ContinueOnCapturedContext);
            if (chosen >= TimeSpan.Zero)
                return chosen.Value < ReconnectDelay.Ceiling ? chosen.Value : ReconnectDelay.Ceiling;
        }

        FailureRun? run = FailureRun.Of(context);
        return _delay.After(
            FailuresAt(run, attempt),
            run?.ReconnectionTime,
            (outcome.Exception as SseResponseException)?.RetryAfter,
            _jitter?.Invoke() ?? 0);
    }

    /// <summary>Within a stream, the failures of the whole run; in other pipelines, those of the execution.</summary>
    private static int FailuresAt(FailureRun? run, int attempt) =>
        run?.FailuresAt(attempt) ?? (int)Math.Min(attempt + 1L, int.MaxValue);
}
