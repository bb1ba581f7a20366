using System.Runtime.ExceptionServices;
using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>
/// Delivers to the observer of one subscription, and keeps what outlives a connection. The thread that reads calls it;
/// only <see cref="Stop"/> may be called by any thread.
/// </summary>
internal abstract class ObserverSink(string lastEventId) : EventSink
{
    private volatile bool _isStopped;

    /// <summary>Gets whether nothing may be delivered any more.</summary>
    public bool IsStopped => _isStopped;

    public LastEventIdBuffer LastEventId { get; } = new(lastEventId);

    /// <summary>Gets the server's last <c>retry</c>.</summary>
    public TimeSpan? ReconnectionTime { get; private set; }

    /// <summary>Gets the number of events of the current connection so far.</summary>
    public long EventCount { get; set; }

    /// <summary>Gets the exception of the selector, with which the stream ends.</summary>
    public Exception? SelectorFault { get; protected set; }

    /// <summary>
    /// Gets the exception of the observer, which is thrown again where observers' exceptions surface. Also that of a
    /// selector that throws after the stream has ended, because the stream cannot end with it any more.
    /// </summary>
    public ExceptionDispatchInfo? ObserverFault { get; private set; }

    /// <summary>The end has been delivered.</summary>
    protected bool HasEnded { get; private set; }

    /// <summary>Whether <see cref="Deliver"/> has a use for signals.</summary>
    public virtual bool WantsSignals => false;

    /// <summary>Delivers a signal other than an event or a comment.</summary>
    public virtual void Deliver(SseSignal signal)
    {
    }

    public sealed override void OnReconnectionTime(TimeSpan time) => ReconnectionTime = time;

    public void Stop() => _isStopped = true;

    /// <summary>Delivers the end, unless stopped before. Exceptions of the observer are not caught.</summary>
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

    /// <summary>Keeps an exception that the stream cannot end with. Returns false, which stops the parser.</summary>
    protected bool Fail(Exception exception)
    {
        ObserverFault = ExceptionDispatchInfo.Capture(exception);
        return false;
    }
}
