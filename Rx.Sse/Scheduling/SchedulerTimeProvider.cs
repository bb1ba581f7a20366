using System.Reactive.Concurrency;

namespace Rx.Sse.Scheduling;

/// <summary>An Rx scheduler as the clock of Polly and of the timeouts: real time or virtual, as the scheduler is.</summary>
internal sealed class SchedulerTimeProvider(IScheduler scheduler) : TimeProvider
{
    /// <summary>Elapsed time comes from the scheduler's stopwatch, which no correction of the wall clock moves.</summary>
    private readonly IStopwatch _stopwatch = scheduler.StartStopwatch();

    /// <summary>The clock of all streams in real time.</summary>
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
