namespace Rx.Sse.Scheduling;

/// <summary>
/// Waits, and resumes the caller on the thread that ends the wait: that of the timer or of the cancellation. The delays
/// of the framework resume on the thread pool when they are cancelled, which virtual time cannot wait for.
/// </summary>
internal static class InlineDelay
{
    public static async Task WaitAsync(TimeProvider time, TimeSpan delay, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (delay <= TimeSpan.Zero)
            return;

        var completion = new TaskCompletionSource<bool>();
        using ITimer timer = time.CreateTimer(
            _ => completion.TrySetResult(true), state: null, delay, Timeout.InfiniteTimeSpan);
        using CancellationTokenRegistration registered =
            cancellation.Register(() => completion.TrySetCanceled(cancellation));
        await completion.Task.ConfigureAwait(false);
    }
}
