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

    /// <summary>The present connection has brought an event: the sign that it works.</summary>
    public bool HasDispatched { get; protected set; }

    public abstract SseFeedResult Feed(ReadOnlySpan<byte> chunk);

    /// <summary>Forgets what the last connection left unfinished.</summary>
    public virtual void BeginConnection() => HasDispatched = false;

    public void Stop() => _isStopped = true;

    /// <summary>Delivers the end of the stream: an error, or null for completion. Nothing if it was stopped before.</summary>
    public void Finish(SseException? error)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        DeliverEnd(error);
    }

    protected abstract void DeliverEnd(SseException? error);
}
