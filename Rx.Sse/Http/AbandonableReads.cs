namespace Rx.Sse.Http;

/// <summary>
/// Waits for reads of a body that may ignore cancellation, as those of Android's default handler or of a process do.
/// A read that is still pending after the cancellation is abandoned.
/// </summary>
internal sealed class AbandonableReads : IDisposable
{
    /// <summary>
    /// Continues on another thread, because a body that ignores cancellation may also block when it is closed.
    /// </summary>
    private readonly TaskCompletionSource<int> _cancellation = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationTokenRegistration _registration;

    /// <summary>
    /// Initializes a new instance. Callbacks of a token run in reverse order, so that a read that starts later and
    /// honors the token has ended before it would be abandoned.
    /// </summary>
    public AbandonableReads(CancellationToken cancellation) => _registration = cancellation.Register(
        static state => ((TaskCompletionSource<int>)state!).TrySetCanceled(), _cancellation);

    /// <summary>Waits for a read, or for opening the body.</summary>
    public async ValueTask<T> WaitAsync<T>(ValueTask<T> operation)
    {
        if (operation.IsCompleted)
            return await operation.ConfigureAwait(false);
        Task<T> pending = operation.AsTask();
        if (await Task.WhenAny(pending, _cancellation.Task).ConfigureAwait(false) != pending)
        {
            _ = pending.ContinueWith(static task => task.Exception, TaskScheduler.Default);
            await _cancellation.Task.ConfigureAwait(false);
        }

        return await pending.ConfigureAwait(false);
    }

    public void Dispose() => _registration.Dispose();
}
