using Rx.Sse.Scheduling;

namespace Rx.Sse.Http;

/// <summary>
/// Cancels a connection's reads when one of them has waited too long. Beginning a wait only notes the time; the timer
/// runs out once in each period at most and then looks how much is left, so that reading costs no timer operations.
/// </summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly object _lock = new();

    /// <summary>
    /// Never disposed of: the timer may be about to cancel it when the connection ends, and it holds nothing.
    /// </summary>
    private readonly CancellationTokenSource _end = new();

    private readonly CancellationTokenRegistration _cancellation;
    private readonly ITimer _timer;

    /// <summary>
    /// When the pending read began; null while none is pending, because the server is not slow then.
    /// </summary>
    private long? _waitingSince;

    private volatile bool _hasExpired;

    public IdleTimer(TimeProvider time, TimeSpan timeout, CancellationToken cancellation)
    {
        _time = time;
        Duration = timeout;
        _cancellation = cancellation.Register(_end.CancelQuietly);
        _timer = time.CreateTimer(
            static state => ((IdleTimer)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long a wait may take.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Cancelled when the time is up, or with the token the timer was made with.</summary>
    public CancellationToken Token => _end.Token;

    public bool HasExpired => _hasExpired;

    public void BeginWait()
    {
        lock (_lock)
            _waitingSince = _time.GetTimestamp();
    }

    public void EndWait()
    {
        lock (_lock)
            _waitingSince = null;
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        _timer.Dispose();
    }

    private void Look()
    {
        lock (_lock)
        {
            TimeSpan left = _waitingSince is { } since ? Duration - _time.GetElapsedTime(since) : Duration;
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _hasExpired = true;
        }

        _end.CancelQuietly();
    }
}
