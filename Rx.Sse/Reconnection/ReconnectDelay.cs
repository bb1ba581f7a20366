using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>How long to wait before the next attempt. A pure function: chance comes in as a number.</summary>
/// <param name="BaseDelay">The delay after the first failure, where the server has set no reconnection time.</param>
/// <param name="MaxDelay">The limit up to which further failures raise the delay; null for none.</param>
/// <param name="Backoff">How each further failure in a row raises it.</param>
internal readonly record struct ReconnectDelay(TimeSpan BaseDelay, TimeSpan? MaxDelay, DelayBackoffType Backoff)
{
    /// <summary>The shortest delay, also where the server sends <c>retry: 0</c>: an outage is no busy loop.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest delay, about 24 days: the timers of all frameworks reach that far.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>How much jitter adds to the delay at most, as a share of it.</summary>
    public const double JitterShare = 0.5;

    public static TimeSpan Limit(TimeSpan delay) => delay < Floor ? Floor : delay > Ceiling ? Ceiling : delay;

    /// <param name="failures">The failures in a row before the latest, from 0.</param>
    /// <param name="reconnectionTime">The server's last <c>retry</c>. It replaces the base, and is never cut.</param>
    /// <param name="retryAfter">What the failed response asked for: a lower bound.</param>
    /// <param name="chance">How much of the jitter to add, from 0 (none) to 1.</param>
    public TimeSpan After(int failures, TimeSpan? reconnectionTime, TimeSpan retryAfter, double chance)
    {
        double first = Math.Max((reconnectionTime ?? BaseDelay).Ticks, Floor.Ticks);
        double cap = Math.Max((MaxDelay ?? Ceiling).Ticks, (reconnectionTime ?? Floor).Ticks);
        double delay = Math.Min(cap, Backoff switch
        {
            DelayBackoffType.Exponential => first * Math.Pow(2, failures),
            DelayBackoffType.Linear => first * (failures + 1.0),
            _ => first,
        });

        // The jitter is a share of the delay, not of what Retry-After adds: clients that were told the same second
        // still spread out, but not by minutes.
        double jitter = delay * JitterShare * chance;
        double total = Math.Min(Math.Max(delay, retryAfter.Ticks) + jitter, Ceiling.Ticks);
        return Limit(TimeSpan.FromTicks((long)total));
    }
}
