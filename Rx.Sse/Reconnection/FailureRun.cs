using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// What one subscription's outages have in common: a run of failures that only a working connection ends. Strategies
/// find it in the resilience context. Used by one attempt at a time.
/// </summary>
/// <param name="listener">Told of every failure that is followed by another attempt, before that begins.</param>
internal sealed class FailureRun(IFailureListener listener)
{
    private static readonly ResiliencePropertyKey<FailureRun> Key = new("Rx.Sse.FailureRun");

    /// <summary>The failures before this outage: Polly counts attempts per outage, and 200-then-close begins a new one.</summary>
    private int _before;

    /// <summary>The attempts of this outage so far, the one under way included.</summary>
    private int _attempts;

    /// <summary>What began this outage, until an attempt or a decision to retry has taken it.</summary>
    private Exception? _loss;

    /// <summary>A connection or an attempt has ended, and nobody has been told yet that another attempt follows, if one does.</summary>
    private bool _isUntold;

    /// <summary>How it has ended; null for an attempt that has opened a connection: it has failed only if another one follows.</summary>
    private Exception? _untold;

    /// <summary>The failures in a row that were followed by another attempt.</summary>
    public int Count { get; private set; }

    /// <summary>The server's last <c>retry</c>; null before there was one.</summary>
    public TimeSpan? ReconnectionTime { get; private set; }

    /// <summary>A strategy gave up because there were too many failures in a row, not because of what the last one was.</summary>
    public bool HasReachedLimit { get; set; }

    /// <summary>The failure after which the request may not be sent again, whatever the strategies say.</summary>
    public Exception? Final { get; set; }

    public static FailureRun? Of(ResilienceContext context) =>
        context.Properties.TryGetValue(Key, out FailureRun? run) ? run : null;

    /// <param name="context">The context of the pipeline's execution.</param>
    /// <param name="loss">Why the last connection ended, or the first one could not be opened; null if that is yet to be tried.</param>
    /// <param name="reconnectionTime">The server's last <c>retry</c>.</param>
    /// <param name="lastEventId">The last event ID.</param>
    /// <param name="tellsStrategies">Strategies of the caller's may look for what there is to know.</param>
    public void BeginOutage(ResilienceContext context, Exception? loss, TimeSpan? reconnectionTime, string lastEventId, bool tellsStrategies)
    {
        _loss = _untold = loss;
        _isUntold = loss is not null;
        _before = Count;
        _attempts = 0;
        HasReachedLimit = false;
        ReconnectionTime = reconnectionTime;
        context.Properties.Set(Key, this);
        if (!tellsStrategies)
            return;

        context.Properties.Set(SseResilienceKeys.ReconnectionTime, reconnectionTime);
        context.Properties.Set(SseResilienceKeys.LastEventId, lastEventId);
        context.Properties.Set(SseResilienceKeys.PreviousFailures, _before);
    }

    /// <summary>The pipeline is done. What went before is of no use any more, and a stream may be open for days.</summary>
    public void EndOutage() => Forget();

    /// <summary>The pipeline begins an attempt. Returns how it has failed already, or null if it is to connect.</summary>
    public Exception? BeginAttempt()
    {
        _attempts++;
        if ((_loss ?? Final) is { } failure)
        {
            _loss = null;
            return failure;
        }

        // A strategy that is not ours has retried: it told nobody.
        if (_isUntold)
            Retry(_attempts - 2, null, _untold);
        return null;
    }

    /// <summary>The attempt under way has failed or, without a failure, has opened a connection.</summary>
    public void EndAttempt(Exception? failure)
    {
        _isUntold = true;
        _untold = failure;
    }

    /// <summary>How many failures in a row this is, when the attempt of that number (from 0) has failed.</summary>
    public int FailuresAt(int attempt) => (int)Math.Min((long)_before + attempt + 1, int.MaxValue);

    /// <summary>
    /// The attempt of that number has failed and another one follows. That one connects, even if a strategy kept the
    /// loss of the last connection from being reported.
    /// </summary>
    /// <param name="attempt">The number, from 0, within this outage.</param>
    /// <param name="delay">The time until the next attempt; null if nobody knows.</param>
    /// <param name="failure">How it has failed; null if it has opened a connection, which a strategy did not accept.</param>
    public void Retry(int attempt, TimeSpan? delay, Exception? failure)
    {
        Exception reason = failure ?? new SseException("The policy did not accept the response.");
        Forget();
        Count = FailuresAt(attempt);
        listener.OnDisconnected(new SseDisconnected { Reason = Failure.ForObserver(reason), Delay = delay, Attempt = Count });
    }

    public void Recover() => Count = 0;

    private void Forget()
    {
        _isUntold = false;
        _loss = _untold = null;
    }
}
