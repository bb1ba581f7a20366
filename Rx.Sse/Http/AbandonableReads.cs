namespace Rx.Sse.Http;

/// <summary>
/// Reads of a body that may ignore cancellation, as that of Android's default handler or the output of a process does.
/// A read that is still pending after the cancellation is given up.
/// </summary>
internal sealed class AbandonableReads : IDisposable
{
    /// <summary>
    /// Continues on another thread, because a body that ignores cancellation may also block when it is closed.
    /// </summary>
    private readonly TaskCompletionSource<int> _cancellation = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly CancellationTokenRegistration _registration;

    /// <summary>
    /// Begins to listen. Of all that is registered on a token, the last comes first. So a read that begins later and
    /// does heed the token ends before this gives it up.
    /// </summary>
    public AbandonableReads(CancellationToken cancellation) => _registration = cancellation.Register(
        static state => ((TaskCompletionSource<int>)state!).TrySetCanceled(), _cancellation);

    /// <summary>Waits for a read, or for the body itself.</summary>
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
