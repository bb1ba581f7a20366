using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>
/// The way from the bytes of a stream to its observer: a parser, and what becomes of the things it finds. One for each
/// subscription, across its connections. Only the thread that reads calls it; <see cref="Stop"/> may come from anywhere.
/// </summary>
internal abstract class SseDecoder(string lastEventId) : ISseFeed
{
    /// <summary>Nothing may be delivered any more. Set by any thread, seen by the next event at the latest.</summary>
    private volatile bool _isStopped;

    public bool IsStopped => _isStopped;

    public LastEventIdBuffer LastEventId { get; } = new(lastEventId);

    /// <summary>The server's last <c>retry</c>; it outlives the connection that it came on.</summary>
    public TimeSpan? ReconnectionTime { get; protected set; }

    /// <summary>The events that the present connection has dispatched so far.</summary>
    public long EventCount { get; protected set; }

    /// <summary>What a selector threw: the stream's error, as it is.</summary>
    public Exception? SelectorError { get; protected set; }

    public abstract SseFeedResult Feed(ReadOnlySpan<byte> chunk);

    /// <summary>Forgets what the last connection left unfinished, and gives its memory back.</summary>
    public virtual void Reset() => EventCount = 0;

    /// <summary>Delivers a signal, where they are wanted.</summary>
    public virtual void Deliver(SseSignal signal)
    {
    }

    public void Stop() => _isStopped = true;

    /// <summary>Delivers the end of the stream: an error, or null for completion. Nothing if it was stopped before.</summary>
    public void Finish(Exception? error)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        DeliverEnd(error);
    }

    protected abstract void DeliverEnd(Exception? error);
}
