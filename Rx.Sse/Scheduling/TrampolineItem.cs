using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Sse.Scheduling;

/// <summary>
/// Runs an action once, on Rx's trampoline, or on a timer if the trampoline is blocked. An operator blocks it that
/// waits for the stream within another subscription, for example by <c>Wait</c> in a <c>SelectMany</c>.
/// </summary>
internal sealed class TrampolineItem(Action action)
{
    /// <summary>The time after which the trampoline counts as blocked. A subscription takes less.</summary>
    private static readonly TimeSpan TrampolineTimeout = TimeSpan.FromMilliseconds(100);

    private Action? _action = action;
    private ITimer? _timer;

    public void Schedule(TimeProvider time)
    {
        _timer = time.CreateTimer(
            static item => ((TrampolineItem)item!).Run(), this, TrampolineTimeout, Timeout.InfiniteTimeSpan);
        CurrentThreadScheduler.Instance.Schedule(this, static (_, item) => item.Run());
    }

    private IDisposable Run()
    {
        if (Interlocked.Exchange(ref _action, null) is { } run)
        {
            _timer?.Dispose();
            using (NoSynchronizationContext.Enter())
                run();
        }

        return Disposable.Empty;
    }
}
