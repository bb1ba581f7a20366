using System.Reactive;
using System.Reactive.Disposables;

namespace Rx.Sse.Scheduling;

/// <summary>
/// Receives the signals of <c>SseOptions.ReconnectWhen</c>, on any thread. A signal interrupts the current wait or
/// connection if that is interruptible at the time, and stays pending otherwise. Pending signals count as one.
/// </summary>
/// <param name="time">The clock of the stream.</param>
/// <param name="fail">Ends the stream with an error of the source.</param>
internal sealed class ReconnectSignals(TimeProvider time, Action<Exception> fail) : IObserver<Unit>, IDisposable
{
    /// <summary>The minimum time between two connects that signals have caused.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly SingleAssignmentDisposable _source = new();

    /// <summary>Interrupts the current wait or connection; null while neither is interruptible.</summary>
    private CancellationTokenSource? _interruption;

    private CancellationTokenRegistration _outerRegistration;

    private bool _isPending;

    private bool _causesNextConnect;

    /// <summary>The time of the last connect that a signal has caused.</summary>
    private long? _lastCausedConnect;

    /// <summary>Runs while a signal is deferred to the end of the interval.</summary>
    private ITimer? _deferral;

    private bool _isDisposed;

    public void Subscribe(IObservable<Unit> source)
    {
        try
        {
            _source.Disposable = source.Subscribe(this);
        }
        catch (Exception exception)
        {
            OnError(exception);
        }
    }

    /// <summary>Takes the pending signal, which causes the next connect. Returns false if there is none.</summary>
    public bool Take()
    {
        lock (_lock)
        {
            if (!_isPending)
                return false;
            _isPending = false;
            _causesNextConnect = true;
            return true;
        }
    }

    /// <summary>Drops pending and deferred signals, because a new connection is open.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _isPending = false;
            StopDeferral();
        }
    }

    /// <summary>Returns a token that the next signal cancels. A pending signal cancels it at once.</summary>
    public CancellationToken BeginInterruptible(CancellationToken outer)
    {
        // A token source without a timer does not have to be disposed.
        var interruption = new CancellationTokenSource();
        bool isPending;
        lock (_lock)
        {
            _interruption = interruption;
            isPending = _isPending;
        }

        _outerRegistration = outer.Register(interruption.CancelQuietly);
        if (isPending)
            interruption.CancelQuietly();
        return interruption.Token;
    }

    /// <summary>Ends what <see cref="BeginInterruptible"/> has begun: further signals stay pending.</summary>
    public void EndInterruptible()
    {
        _outerRegistration.Dispose();
        lock (_lock)
            _interruption = null;
    }

    /// <summary>Waits until the delay is over or a signal comes, but at least for the minimum.</summary>
    /// <returns>True if there was a signal, which has been taken.</returns>
    public async Task<bool> WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation)
    {
        TimeSpan first = minimum < delay ? minimum : delay;
        await InlineDelay.WaitAsync(time, first, cancellation).ConfigureAwait(false);
        if (first < delay)
        {
            CancellationToken interruption = BeginInterruptible(cancellation);
            try
            {
                await InlineDelay.WaitAsync(time, delay - first, interruption).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Interrupted by a signal.
            }
            finally
            {
                EndInterruptible();
            }
        }

        bool isPending = Take();
        lock (_lock)
        {
            if (_causesNextConnect)
                _lastCausedConnect = time.GetTimestamp();
            _causesNextConnect = false;
        }

        return isPending;
    }

    public void OnNext(Unit value)
    {
        lock (_lock)
        {
            if (_isDisposed || _isPending || _deferral is not null)
                return;
            TimeSpan left = _lastCausedConnect is { } last ? Interval - time.GetElapsedTime(last) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                _deferral = time.CreateTimer(
                    static state => ((ReconnectSignals)state!).ActDeferred(), this, left, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Act();
    }

    public void OnError(Exception error)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
        }

        fail(error);
    }

    /// <summary>Does nothing: the stream continues without signals.</summary>
    public void OnCompleted()
    {
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            StopDeferral();
        }

        _source.Dispose();
    }

    private void Act()
    {
        CancellationTokenSource? interruption;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isPending = true;
            interruption = _interruption;
        }

        // Outside the lock, because the cancelled operation resumes inline, on this thread.
        using (NoSynchronizationContext.Enter())
            interruption?.CancelQuietly();
    }

    private void ActDeferred()
    {
        lock (_lock)
        {
            // Clear was called in the meantime.
            if (_deferral is null)
                return;
            StopDeferral();
        }

        Act();
    }

    private void StopDeferral()
    {
        _deferral?.Dispose();
        _deferral = null;
    }
}
