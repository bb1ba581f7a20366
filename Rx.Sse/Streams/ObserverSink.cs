using System.Runtime.ExceptionServices;
using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>
/// Delivers to the observer of one subscription, and keeps the state that outlives a connection. It is called on the
/// thread of the subscription's loop; only <see cref="Stop"/> may be called on any thread.
/// </summary>
internal abstract class ObserverSink(string lastEventId) : EventSink
{
    private volatile bool _isStopped;

    /// <summary>Gets whether deliveries have stopped, because of the end or the disposal.</summary>
    public bool IsStopped => _isStopped;

    public LastEventIdBuffer LastEventId { get; } = new(lastEventId);

    /// <summary>Gets the server's last <c>retry</c>.</summary>
    public TimeSpan? ReconnectionTime { get; private set; }

    /// <summary>Gets the number of events of the current connection so far.</summary>
    public long EventCount { get; set; }

    /// <summary>Gets the exception of the selector, which becomes the error of the stream.</summary>
    public Exception? SelectorFault { get; protected set; }

    /// <summary>
    /// Gets the exception of the observer, which is thrown on the scheduler or to the source. Also that of a selector
    /// that throws after the stream has ended, because it cannot become the error of the stream any more.
    /// </summary>
    public ExceptionDispatchInfo? ObserverFault { get; private set; }

    /// <summary>Gets whether the end has been delivered.</summary>
    protected bool HasEnded { get; private set; }

    /// <summary>Gets whether <see cref="Deliver"/> delivers signals, so that they have to be created.</summary>
    public virtual bool WantsSignals => false;

    /// <summary>Delivers a signal other than an event or a comment.</summary>
    public virtual void Deliver(SseSignal signal)
    {
    }

    public sealed override void OnReconnectionTime(TimeSpan time) => ReconnectionTime = time;

    public void Stop() => _isStopped = true;

    /// <summary>Delivers the end, unless deliveries have stopped. Exceptions of the observer are not caught.</summary>
    /// <param name="error">The error; null for completion.</param>
    public void Finish(Exception? error)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        HasEnded = true;
        if (error is null)
            OnCompleted();
        else
            OnError(error);
    }

    protected abstract void OnError(Exception error);

    protected abstract void OnCompleted();

    /// <summary>Keeps an exception as <see cref="ObserverFault"/>. Returns false, which stops the parser.</summary>
    protected bool KeepObserverFault(Exception exception)
    {
        ObserverFault = ExceptionDispatchInfo.Capture(exception);
        return false;
    }
}
