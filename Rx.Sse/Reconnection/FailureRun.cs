using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// What one subscription's outages have in common: a run of failures that only a working connection ends. Strategies
/// find it in the resilience context. Used by one attempt at a time.
/// </summary>
internal sealed class FailureRun
{
    private static readonly ResiliencePropertyKey<FailureRun> Key = new("Rx.Sse.FailureRun");

    /// <summary>The failures before this outage: Polly counts attempts per outage, and 200-then-close begins a new one.</summary>
    private int _before;

    /// <summary>What began this outage, until an attempt or a decision to retry has taken it.</summary>
    private Exception? _loss;

    /// <summary>The failures in a row that were followed by another attempt.</summary>
    public int Count { get; private set; }

    /// <summary>The server's last <c>retry</c>; null before there was one.</summary>
    public TimeSpan? ReconnectionTime { get; set; }

    /// <summary>The failure after which the request may not be sent again, whatever the strategies say.</summary>
    public Exception? Final { get; set; }

    public static FailureRun? Of(ResilienceContext context) =>
        context.Properties.TryGetValue(Key, out FailureRun? run) ? run : null;

    /// <param name="context">The context of the pipeline's execution.</param>
    /// <param name="loss">Why the last connection ended; null for the first connect of the stream.</param>
    public void BeginOutage(ResilienceContext context, Exception? loss)
    {
        _loss = loss;
        _before = Count;
        context.Properties.Set(Key, this);
    }

    /// <summary>How many failures in a row this is, when the attempt of that number (from 0) has failed.</summary>
    public int FailuresAt(int attempt) => (int)Math.Min((long)_before + attempt + 1, int.MaxValue);

    /// <summary>The outage's first attempt is the loss itself. Null in all later ones: they connect.</summary>
    public Exception? TakeLoss()
    {
        Exception? loss = _loss;
        _loss = null;
        return loss;
    }

    /// <summary>The attempt has failed and another one follows. It connects, even if a strategy kept the loss from being reported.</summary>
    public void RecordRetry(int attempt)
    {
        _loss = null;
        Count = FailuresAt(attempt);
    }

    public void Recover() => Count = 0;
}
