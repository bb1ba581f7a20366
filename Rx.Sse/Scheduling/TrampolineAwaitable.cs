using System.Runtime.CompilerServices;

namespace Rx.Sse.Scheduling;

/// <summary>
/// Awaits a task within <c>Subscribe</c> without continuing there. If this thread has completed the task, it continues
/// on Rx's trampoline, after the operators have received the subscription. If another thread has completed it, it
/// continues on the thread pool, because the subscriber may block this thread until the result arrives.
/// </summary>
/// <param name="task">The task.</param>
/// <param name="thread">The ID of the thread that has completed the task.</param>
/// <param name="time">Where the wait for the trampoline is timed.</param>
internal readonly struct TrampolineAwaitable<T>(Task<T> task, StrongBox<int> thread, TimeProvider time)
    : ICriticalNotifyCompletion
{
    private readonly ConfiguredTaskAwaitable<T>.ConfiguredTaskAwaiter _awaiter =
        task.ConfigureAwait(false).GetAwaiter();

    /// <summary>Always false: even if the result is there already, the caller continues later.</summary>
    public bool IsCompleted => false;

    /// <summary>Starts an operation now, to be awaited within <c>Subscribe</c>.</summary>
    public static TrampolineAwaitable<T> Start(Func<Task<T>> operation, TimeProvider time)
    {
        StrongBox<int> thread = new();
        return new(NoteThreadAsync(operation, thread), thread, time);
    }

    public TrampolineAwaitable<T> GetAwaiter() => this;

    public T GetResult() => _awaiter.GetResult();

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        // A task that another thread has completed meanwhile continues on the thread pool.
        if (_awaiter.IsCompleted && thread.Value == Environment.CurrentManagedThreadId)
            new TrampolineItem(continuation).Schedule(time);
        else
            _awaiter.UnsafeOnCompleted(continuation);
    }

    private static async Task<T> NoteThreadAsync(Func<Task<T>> operation, StrongBox<int> thread)
    {
        try
        {
            return await operation().ConfigureAwait(false);
        }
        finally
        {
            thread.Value = Environment.CurrentManagedThreadId;
        }
    }
}
