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

    /// <summary>The last failure, while nobody has been told that another attempt follows.</summary>
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
    /// <param name="loss">Why the last connection ended; null for the first connect of the stream.</param>
    /// <param name="reconnectionTime">The server's last <c>retry</c>.</param>
    /// <param name="lastEventId">The last event ID.</param>
    public void BeginOutage(ResilienceContext context, Exception? loss, TimeSpan? reconnectionTime, string lastEventId)
    {
        _loss = _untold = loss;
        _before = Count;
        _attempts = 0;
        HasReachedLimit = false;
        ReconnectionTime = reconnectionTime;
        context.Properties.Set(Key, this);
        context.Properties.Set(SseResilienceKeys.ReconnectionTime, reconnectionTime);
        context.Properties.Set(SseResilienceKeys.LastEventId, lastEventId);
        context.Properties.Set(SseResilienceKeys.PreviousFailures, _before);
    }

    /// <summary>The pipeline is done. What went before is of no use any more, and a stream may be open for days.</summary>
    public void EndOutage() => _loss = _untold = null;

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
        if (_untold is not null)
            Retry(_attempts - 2, null, _untold);
        return null;
    }

    /// <summary>The attempt under way has failed.</summary>
    public void Fail(Exception exception) => _untold = exception;

    /// <summary>How many failures in a row this is, when the attempt of that number (from 0) has failed.</summary>
    public int FailuresAt(int attempt) => (int)Math.Min((long)_before + attempt + 1, int.MaxValue);

    /// <summary>
    /// The attempt of that number has failed and another one follows. That one connects, even if a strategy kept the
    /// loss of the last connection from being reported.
    /// </summary>
    public void Retry(int attempt, TimeSpan? delay, Exception reason)
    {
        _loss = _untold = null;
        Count = FailuresAt(attempt);
        listener.OnDisconnected(new SseDisconnected { Reason = Failure.ForObserver(reason), Delay = delay, Attempt = Count });
    }

    public void Recover() => Count = 0;

    /// <summary>Why there is another attempt after one that has opened a connection.</summary>
    public static SseException NotAccepted() => new("The policy did not accept the response.");
}
