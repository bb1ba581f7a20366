using System.Reactive.Concurrency;

namespace Rx.Sse.Scheduling;

/// <summary>Adapts an Rx scheduler, in real or virtual time, to the clock of Polly and of the timeouts.</summary>
internal sealed class SchedulerTimeProvider(IScheduler scheduler) : TimeProvider
{
    /// <summary>Measures elapsed time. Corrections of the wall clock do not affect it.</summary>
    private readonly IStopwatch _stopwatch = scheduler.StartStopwatch();

    /// <summary>Gets the clock that all streams in real time share.</summary>
    public static SchedulerTimeProvider Default { get; } = new(DefaultScheduler.Instance);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public static TimeProvider For(IScheduler scheduler) =>
        ReferenceEquals(scheduler, DefaultScheduler.Instance) ? Default : new SchedulerTimeProvider(scheduler);

    public override DateTimeOffset GetUtcNow() => scheduler.Now.ToUniversalTime();

    public override long GetTimestamp() => _stopwatch.Elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Throw.IfNull(callback);
        var timer = new SchedulerTimer(scheduler, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
