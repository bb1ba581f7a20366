using Rx.Sse.Scheduling;

namespace Rx.Sse.Http;

/// <summary>
/// Cancels the reads of a body when one of them has waited too long. The start of a wait only stores the time.
/// The timer fires at most once in each period and then computes the rest, so that a read needs no timer operation.
/// </summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly object _lock = new();

    /// <summary>
    /// Never disposed, because the timer may be about to cancel it when the connection ends. It holds no resources.
    /// </summary>
    private readonly CancellationTokenSource _readCancellation = new();

    private readonly CancellationTokenRegistration _outerRegistration;
    private readonly ITimer _timer;

    /// <summary>
    /// The time when the pending read started; null while an observer is busy, which does not count.
    /// </summary>
    private long? _waitingSince;

    private volatile bool _hasExpired;

    public IdleTimer(TimeProvider time, TimeSpan timeout, CancellationToken cancellation)
    {
        _time = time;
        Duration = timeout;
        _outerRegistration = cancellation.Register(_readCancellation.CancelQuietly);
        _timer = time.CreateTimer(
            static state => ((IdleTimer)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(timeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the maximum time that a read may wait.</summary>
    public TimeSpan Duration { get; }

    /// <summary>
    /// Gets the token for reads, which is cancelled after that time, or with the token of the caller.
    /// </summary>
    public CancellationToken Token => _readCancellation.Token;

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
        _outerRegistration.Dispose();
        _timer.Dispose();
    }

    private void Check()
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

        _readCancellation.CancelQuietly();
    }
}
