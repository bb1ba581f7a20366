namespace Rx.Sse.Http;

/// <summary>
/// Cancels a connection's reads when one of them has waited too long. Beginning a wait only notes the time; the timer
/// runs out once in each period at most and then looks how much is left, so that reading costs no timer operations.
/// </summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _expired;
    private readonly ITimer _timer;
    private readonly object _lock = new();

    /// <summary>When the pending read began; null while none is pending, for then it is not the server who is slow.</summary>
    private long? _waitingSince;

    public IdleTimer(TimeProvider time, TimeSpan timeout, CancellationToken cancellation)
    {
        _time = time;
        _timeout = timeout;
        _expired = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = time.CreateTimer(static state => ((IdleTimer)state!).Look(), this, timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when the time is up, or with the token the timer was made with.</summary>
    public CancellationToken Token => _expired.Token;

    public bool HasExpired { get; private set; }

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
        _timer.Dispose();
        _expired.Dispose();
    }

    private void Look()
    {
        lock (_lock)
        {
            TimeSpan left = _waitingSince is { } since ? _timeout - _time.GetElapsedTime(since) : _timeout;
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            HasExpired = true;
        }

        _expired.Cancel();
    }
}
