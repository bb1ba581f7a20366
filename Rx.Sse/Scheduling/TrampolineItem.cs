using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Sse.Scheduling;

/// <summary>
/// Runs an action once: on Rx's trampoline, or on a timer if the trampoline is blocked. It is while an operator waits
/// for the result within another subscription, for example with <c>Wait</c> in a <c>SelectMany</c>.
/// </summary>
internal sealed class TrampolineItem(Action action)
{
    /// <summary>Longer than a subscription takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private Action? _action = action;
    private ITimer? _timer;

    public void Schedule(TimeProvider time)
    {
        _timer = time.CreateTimer(
            static item => ((TrampolineItem)item!).Run(), this, Patience, Timeout.InfiniteTimeSpan);
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
