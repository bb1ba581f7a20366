using System.Reactive.Concurrency;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Testing;

/// <summary>Provides the adapter from an Rx scheduler to a <see cref="TimeProvider"/>.</summary>
public static class SseTestClock
{
    /// <summary>Returns a <see cref="TimeProvider"/> with the time and the timers of a scheduler.</summary>
    /// <remarks>
    /// Use it for a Polly pipeline that streams share, and for any other code that takes a <see cref="TimeProvider"/>,
    /// so that it runs in virtual time as well.
    /// </remarks>
    /// <param name="scheduler">The scheduler, such as a <c>TestScheduler</c>.</param>
    /// <returns>A provider whose timers run on the scheduler's thread.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="scheduler"/> is null.</exception>
    public static TimeProvider ToTimeProvider(this IScheduler scheduler)
    {
        Throw.IfNull(scheduler);
        return new SchedulerTimeProvider(scheduler);
    }
}
