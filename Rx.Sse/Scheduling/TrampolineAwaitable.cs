using System.Runtime.CompilerServices;

namespace Rx.Sse.Scheduling;

/// <summary>
/// Awaits a task within <c>Subscribe</c>. If the subscribing thread has completed the task, the continuation runs on
/// Rx's trampoline, so that an operator has received the subscription before the first event. If another thread has
/// completed it, the continuation runs there or on the thread pool, because the subscriber may block its thread.
/// </summary>
/// <param name="task">The task.</param>
/// <param name="thread">The ID of the thread that has completed the task.</param>
/// <param name="time">The clock of the stream. It measures the timeout of <see cref="TrampolineItem"/>.</param>
internal readonly struct TrampolineAwaitable<T>(Task<T> task, StrongBox<int> thread, TimeProvider time)
    : ICriticalNotifyCompletion
{
    private readonly ConfiguredTaskAwaitable<T>.ConfiguredTaskAwaiter _awaiter =
        task.ConfigureAwait(false).GetAwaiter();

    /// <summary>Always false, so that <see cref="UnsafeOnCompleted"/> decides where the caller continues.</summary>
    public bool IsCompleted => false;

    /// <summary>Starts an operation that is awaited within <c>Subscribe</c>.</summary>
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
        // If the task has completed on another thread, the awaiter continues on the thread pool.
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
