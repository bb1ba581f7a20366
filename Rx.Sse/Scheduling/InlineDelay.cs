namespace Rx.Sse.Scheduling;

/// <summary>
/// Waits, and resumes the waiter on the thread that ends the wait: the timer's, or the canceller's. Framework delays
/// resume on another thread when they are cancelled, and virtual time has no other threads.
/// </summary>
internal static class InlineDelay
{
    public static async Task WaitAsync(TimeProvider time, TimeSpan delay, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (delay <= TimeSpan.Zero)
            return;

        var end = new TaskCompletionSource<bool>();
        using ITimer timer = time.CreateTimer(
            _ => end.TrySetResult(true), state: null, delay, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration registered = cancellation.Register(() => end.TrySetCanceled(cancellation));
        await end.Task.ConfigureAwait(false);
    }
}
