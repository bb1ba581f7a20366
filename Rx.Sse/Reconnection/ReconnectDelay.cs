using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>Computes the delay before the next attempt. A pure function: the random number is a parameter.</summary>
/// <param name="BaseDelay">The delay after the first failure, where the server has set no reconnection time.</param>
/// <param name="MaxDelay">The limit up to which further failures raise the delay; null for none.</param>
/// <param name="Backoff">The way in which each further failure in a row raises the delay.</param>
internal readonly record struct ReconnectDelay(TimeSpan BaseDelay, TimeSpan? MaxDelay, DelayBackoffType Backoff)
{
    /// <summary>
    /// The minimum delay, also if the server sends <c>retry: 0</c>, so that an outage is not a busy loop.
    /// </summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay, about 24 days, which the timers of all frameworks support.</summary>
    public static readonly TimeSpan Ceiling = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>The maximum that jitter adds to the delay, as a share of it.</summary>
    public const double JitterShare = 0.5;

    public static TimeSpan Limit(TimeSpan delay) => delay < Floor ? Floor : delay > Ceiling ? Ceiling : delay;

    /// <param name="failures">The failures in a row before the latest, from 0.</param>
    /// <param name="reconnectionTime">The server's last <c>retry</c>. It replaces the base, and is never cut.</param>
    /// <param name="retryAfter">The <c>Retry-After</c> of the failed response, a lower bound.</param>
    /// <param name="chance">The random number: the share of the jitter to add, from 0 (none) to 1.</param>
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

        // The jitter is a share of the delay without Retry-After, so that clients with the same Retry-After spread out
        // by seconds, not by minutes.
        double jitter = delay * JitterShare * chance;
        double total = Math.Min(Math.Max(delay, retryAfter.Ticks) + jitter, Ceiling.Ticks);
        return Limit(TimeSpan.FromTicks((long)total));
    }
}
