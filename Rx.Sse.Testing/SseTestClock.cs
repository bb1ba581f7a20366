using System.Reactive.Concurrency;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Testing;

/// <summary>The clock of a test.</summary>
public static class SseTestClock
{
    /// <summary>
    /// Returns the time and the timers of a scheduler as a <see cref="TimeProvider"/>: for a Polly pipeline that
    /// streams share, and for any other code that takes one, so that it runs in virtual time as well.
    /// </summary>
    /// <param name="scheduler">The scheduler, such as a <c>TestScheduler</c>.</param>
    /// <returns>A provider whose timers run on the scheduler's thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="scheduler"/> is null.</exception>
    public static TimeProvider ToTimeProvider(this IScheduler scheduler)
    {
        Throw.IfNull(scheduler);
        return new SchedulerTimeProvider(scheduler);
    }
}
