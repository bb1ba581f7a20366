using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Sse.Scheduling;

/// <summary>A timer of <see cref="SchedulerTimeProvider"/>, with at most one scheduled action.</summary>
internal sealed class SchedulerTimer(IScheduler scheduler, TimerCallback callback, object? state) : ITimer
{
    private readonly object _lock = new();

    /// <summary>The scheduled action. Replacing or disposing it cancels the action.</summary>
    private readonly SerialDisposable _scheduled = new();

    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            if (_scheduled.IsDisposed)
                return false;

            _period = period;
            _scheduled.Disposable = dueTime == Timeout.InfiniteTimeSpan
                ? Disposable.Empty
                : scheduler.Schedule(this, dueTime, static (_, timer) => timer.Fire());
            return true;
        }
    }

    public void Dispose() => _scheduled.Dispose();

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }

    private IDisposable Fire()
    {
        lock (_lock)
        {
            if (_scheduled.IsDisposed)
                return Disposable.Empty;
            if (_period > TimeSpan.Zero)
                Change(_period, _period);
        }

        using (NoSynchronizationContext.Enter())
            callback(state);
        return Disposable.Empty;
    }
}
