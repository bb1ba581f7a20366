using Rx.Sse.Parsing;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>
/// The way from the bytes of a stream to its observer: a parser, and what becomes of the things it finds. One for each
/// subscription, across its connections. Only the thread that reads calls it; <see cref="Stop"/> may come from anywhere.
/// </summary>
internal abstract class SseDecoder(string lastEventId) : ISseFeed
{
    /// <summary>Nothing may be delivered any more. Set by any thread, seen by the next event at the latest.</summary>
    private volatile bool _isStopped;

    private EventTypeCache _eventTypes;

    public bool IsStopped => _isStopped;

    public LastEventIdBuffer LastEventId { get; } = new(lastEventId);

    /// <summary>The server's last <c>retry</c>; it outlives the connection that it came on.</summary>
    public TimeSpan? ReconnectionTime { get; protected set; }

    /// <summary>The events that the present connection has dispatched so far.</summary>
    public long EventCount { get; protected set; }

    /// <summary>The error that ended the stream within <see cref="Feed(ReadOnlySpan{byte})"/>: a selector's as it is, or one of the library.</summary>
    public Exception? Fault { get; protected set; }

    /// <summary>Whose code is running. A field, because a try block for each event would cost more.</summary>
    public Callback Callback { get; set; }

    /// <inheritdoc cref="ITarget.WantsSignals"/>
    public abstract bool WantsSignals { get; }

    /// <summary>Makes what the first chunk needs, while the server thinks about its answer.</summary>
    public abstract void Prepare();

    /// <summary>Parses a chunk. Throws nothing but what the observer throws; for anything else see <see cref="Fault"/>.</summary>
    public abstract SseFeedResult Feed(ReadOnlySpan<byte> chunk);

    public abstract void Rest();

    /// <summary>Forgets what the last connection left unfinished, and gives its memory back.</summary>
    public virtual void Reset() => EventCount = 0;

    /// <summary>Delivers a signal. To make one is of use only if <see cref="WantsSignals"/> says so.</summary>
    public abstract void Deliver(SseSignal signal);

    /// <summary>The event with its fields as text.</summary>
    public SseEvent ToEvent(SseUtf8Event e)
    {
        SseUtf8Fields fields = e.Fields!;

        // An ID of this block has become the last event ID already.
        return new SseEvent
        {
            Event = fields.Has(SseFields.Event) ? _eventTypes.Get(fields.Event(e.Chunk)) : null,
            Data = Utf8Decoder.Decode(e.Data),
            Id = fields.Has(SseFields.Id) ? LastEventId.Text : null,
            LastEventId = LastEventId.Text,
            Retry = fields.Has(SseFields.Retry) ? fields.Retry : null,
        };
    }

    public void Stop() => _isStopped = true;

    /// <summary>Delivers the end of the stream: an error, or null for completion. Nothing if it was stopped before.</summary>
    public void Finish(Exception? error)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        Callback = Callback.Observer;
        DeliverEnd(error);
    }

    protected abstract void DeliverEnd(Exception? error);

    /// <summary>Keeps an exception that is not the observer's, for the stream to end with.</summary>
    protected SseFeedResult Fail(Exception exception)
    {
        Fault = Callback == Callback.Selector ? exception : Failure.ForObserver(exception);
        return SseFeedResult.Stopped;
    }
}
