using System.Reactive;
using System.Reactive.Disposables;

namespace Rx.Sse.Scheduling;

/// <summary>
/// The signals of <c>ReconnectWhen</c>, from any thread: requests for a new connection. A request ends the current wait
/// or connection if that may be ended, and is remembered otherwise. Requests at the same time count as one.
/// </summary>
/// <param name="time">The clock of the stream.</param>
/// <param name="fail">Ends the stream with an error of the source.</param>
internal sealed class ReconnectRequests(TimeProvider time, Action<Exception> fail) : IObserver<Unit>, IDisposable
{
    /// <summary>The minimum time between two connects that requests have caused.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly SingleAssignmentDisposable _source = new();

    /// <summary>Ends the current wait or connection. Null while neither may be ended.</summary>
    private CancellationTokenSource? _interruption;

    private CancellationTokenRegistration _outer;

    /// <summary>There was a request, and no connect has followed it yet.</summary>
    private bool _isRequested;

    /// <summary>The connect that is about to begin is caused by a request.</summary>
    private bool _isCause;

    /// <summary>The time when the last connect that a request has caused began.</summary>
    private long? _lastConnect;

    /// <summary>Runs while a request waits for the end of the interval.</summary>
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

    /// <summary>Takes the request. Returns false if there was none.</summary>
    public bool Take()
    {
        lock (_lock)
        {
            if (!_isRequested)
                return false;
            _isRequested = false;
            _isCause = true;
            return true;
        }
    }

    /// <summary>A connection is open: requests for it are fulfilled.</summary>
    public void Fulfil()
    {
        lock (_lock)
        {
            _isRequested = false;
            StopDeferral();
        }
    }

    /// <summary>From now on, a request cancels the token. One that is remembered does so at once.</summary>
    public CancellationToken Begin(CancellationToken outer)
    {
        // Without a timer, the source needs no disposal.
        var interruption = new CancellationTokenSource();
        bool isRequested;
        lock (_lock)
        {
            _interruption = interruption;
            isRequested = _isRequested;
        }

        _outer = outer.Register(interruption.CancelQuietly);
        if (isRequested)
            interruption.CancelQuietly();
        return interruption.Token;
    }

    /// <summary>From now on, a request is remembered.</summary>
    public void End()
    {
        _outer.Dispose();
        lock (_lock)
            _interruption = null;
    }

    /// <summary>Waits until the delay is over or a request comes, but at least for the minimum.</summary>
    /// <returns>True if there was a request, which is taken.</returns>
    public async Task<bool> WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation)
    {
        TimeSpan first = minimum < delay ? minimum : delay;
        await InlineDelay.WaitAsync(time, first, cancellation).ConfigureAwait(false);
        if (first < delay)
        {
            CancellationToken interruption = Begin(cancellation);
            try
            {
                await InlineDelay.WaitAsync(time, delay - first, interruption).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // By a request.
            }
            finally
            {
                End();
            }
        }

        bool isRequested = Take();
        lock (_lock)
        {
            if (_isCause)
                _lastConnect = time.GetTimestamp();
            _isCause = false;
        }

        return isRequested;
    }

    public void OnNext(Unit value)
    {
        lock (_lock)
        {
            if (_isDisposed || _isRequested || _deferral is not null)
                return;
            TimeSpan left = _lastConnect is { } last ? Interval - time.GetElapsedTime(last) : TimeSpan.Zero;
            if (left > TimeSpan.Zero)
            {
                _deferral = time.CreateTimer(
                    static state => ((ReconnectRequests)state!).ActDeferred(), this, left, Timeout.InfiniteTimeSpan);
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

    /// <summary>No more signals follow.</summary>
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
            _isRequested = true;
            interruption = _interruption;
        }

        // Not within the lock, because the cancelled operation resumes at once, on this thread.
        using (NoSynchronizationContext.Enter())
            interruption?.CancelQuietly();
    }

    private void ActDeferred()
    {
        lock (_lock)
        {
            // A connection that has been opened meanwhile has fulfilled the request.
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
