using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Scheduling;

/// <summary>
/// Awaits a task within <c>Subscribe</c> without continuing there. A result that is there already continues on Rx's
/// trampoline, after the operators have what they may dispose of. A later one continues on the thread that brings it.
/// </summary>
/// <param name="task">The task.</param>
/// <param name="isWithinSubscribe">False for an ordinary await, which may continue at once.</param>
internal readonly struct TrampolineAwaitable<T>(ValueTask<T> task, bool isWithinSubscribe) : ICriticalNotifyCompletion
{
    private readonly ConfiguredValueTaskAwaitable<T>.ConfiguredValueTaskAwaiter _awaiter =
        task.ConfigureAwait(false).GetAwaiter();

    public bool IsCompleted => !isWithinSubscribe && _awaiter.IsCompleted;

    public TrampolineAwaitable<T> GetAwaiter() => this;

    public T GetResult() => _awaiter.GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        // A task that completes between these two lines continues on the thread pool.
        if (!_awaiter.IsCompleted)
            _awaiter.UnsafeOnCompleted(continuation);
        else
            CurrentThreadScheduler.Instance.Schedule(continuation, static (_, action) => Run(action));
    }

    private static IDisposable Run(Action continuation)
    {
        using (NoSynchronizationContext.Enter())
            continuation();
        return Disposable.Empty;
    }
}
