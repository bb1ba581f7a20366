using Polly;
using Polly.Retry;
using Polly.Telemetry;

namespace Rx.Sse.Reconnection;

/// <summary>
/// Retries as Polly's retry strategy does, and adds what event streams need: a loss that is not an attempt, a run of
/// failures that spans executions, and delays that the server sets. One instance serves all streams of a pipeline, so
/// that all state is in the <see cref="IOutage"/>.
/// </summary>
internal sealed class ReconnectStrategy(SseReconnection settings, StrategyBuilderContext builder)
    : ResilienceStrategy<HttpResponseMessage>
{
    public static readonly ResiliencePropertyKey<IOutage> OutageKey = new("Rx.Sse.Outage");

    private readonly ReconnectDelay _delay = new(settings.Delay, settings.MaxDelay, settings.BackoffType);

    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state)
    {
        IOutage outage = context.Properties.GetValue(OutageKey, null!);
        Exception? lastFailure = null;
        while (true)
        {
            long start = builder.TimeProvider.GetTimestamp();
            Exception? loss = outage.TakeLoss();
            Outcome<HttpResponseMessage> outcome = loss is null
                ? await AttemptAsync(callback, context, state, outage).ConfigureAwait(false)
                : Outcome.FromException<HttpResponseMessage>(loss);
            TimeSpan duration = builder.TimeProvider.GetElapsedTime(start);
            if (context.CancellationToken.IsCancellationRequested)
                return Cancelled(outcome, lastFailure, context.CancellationToken);

            TimeSpan? delay = await DecideAsync(outage, context, outcome, loss, duration).ConfigureAwait(false);
            if (delay is not { } wait)
                return outcome;

            lastFailure = outcome.Exception!;
            TimeSpan minimum = RetryAfter(lastFailure);
            try
            {
                await outage.WaitAsync(wait, minimum, context.CancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                return Cancelled(
                    Outcome.FromException<HttpResponseMessage>(exception), lastFailure, context.CancellationToken);
            }
        }
    }

    private static async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state,
        IOutage outage)
    {
        Outcome<HttpResponseMessage> outcome;
        try
        {
            outcome = await callback(context, state).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            outcome = Outcome.FromException<HttpResponseMessage>(exception);
        }

        return await outage.CheckAsync(outcome).ConfigureAwait(false);
    }

    /// <summary>
    /// Adds the last failure to a cancellation. A strategy around the outage, such as a timeout, throws an exception
    /// with the cancellation inside, which then shows the reason for the outage.
    /// </summary>
    private static Outcome<HttpResponseMessage> Cancelled(
        Outcome<HttpResponseMessage> outcome, Exception? lastFailure, CancellationToken cancellation) =>
        outcome.Exception is OperationCanceledException && lastFailure is not null
            ? Outcome.FromException<HttpResponseMessage>(
                new OperationCanceledException("The outage was given up.", lastFailure, cancellation))
            : outcome;

    private static TimeSpan RetryAfter(Exception failure)
    {
        TimeSpan wait = (failure as SseResponseException)?.RetryAfter ?? TimeSpan.Zero;
        return wait < ReconnectDelay.Ceiling ? wait : ReconnectDelay.Ceiling;
    }

    /// <summary>Decides whether another attempt follows, and reports it if so.</summary>
    /// <returns>The delay before the next attempt; null if none follows.</returns>
    private async ValueTask<TimeSpan?> DecideAsync(
        IOutage outage,
        ResilienceContext context,
        Outcome<HttpResponseMessage> outcome,
        Exception? loss,
        TimeSpan duration)
    {
        if (outage.IsFinal)
            return null;
        if (loss is SseReconnectRequestedException)
        {
            outage.ReportRetry(loss, TimeSpan.Zero);
            return TimeSpan.Zero;
        }

        // The order of the callbacks and of telemetry is that of Polly's retry strategy.
        int attempt = outage.FailureCount;
        bool isHandled = outcome.Exception is not null
            && await settings.ShouldHandle(new(context, outcome, attempt)).ConfigureAwait(false);
        if (loss is null)
        {
            ResilienceEventSeverity severity =
                isHandled ? ResilienceEventSeverity.Warning : ResilienceEventSeverity.Information;
            var arguments = new ExecutionAttemptArguments(attempt, duration, isHandled);
            builder.Telemetry.Report(new(severity, "ExecutionAttempt"), context, outcome, arguments);
        }

        if (!isHandled)
            return null;

        Exception failure = outcome.Exception!;
        if (outage.TakeSignal())
        {
            TimeSpan minimum = RetryAfter(failure);
            outage.ReportRetry(new SseReconnectRequestedException(failure), minimum);
            return minimum;
        }

        if (!outage.MayRetry(settings.MaxRetryAttempts))
            return null;
        TimeSpan delay = await ChooseDelayAsync(outage, context, outcome).ConfigureAwait(false);
        var retry = new OnRetryArguments<HttpResponseMessage>(context, outcome, attempt, delay, duration);
        builder.Telemetry.Report<OnRetryArguments<HttpResponseMessage>, HttpResponseMessage>(
            new(ResilienceEventSeverity.Warning, "OnRetry"), context, outcome, retry);
        outage.ReportRetry(failure, delay);
        if (settings.OnRetry is { } onRetry)
            await onRetry(retry).ConfigureAwait(false);
        return delay;
    }

    private async ValueTask<TimeSpan> ChooseDelayAsync(
        IOutage outage, ResilienceContext context, Outcome<HttpResponseMessage> outcome)
    {
        if (settings.DelayGenerator is { } generator)
        {
            TimeSpan? chosen = await generator(new(context, outcome, outage.FailureCount)).ConfigureAwait(false);
            if (chosen >= TimeSpan.Zero)
                return ReconnectDelay.Limit(chosen.Value);
        }

        return _delay.After(
            outage.FailureCount,
            outage.ReconnectionTime,
            RetryAfter(outcome.Exception!),
            settings.UseJitter ? settings.Randomizer() : 0);
    }
}
