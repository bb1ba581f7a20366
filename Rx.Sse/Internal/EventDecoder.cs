using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>Delivers events as <see cref="SseEvent"/>.</summary>
internal sealed class EventDecoder : SseDecoder
{
    private readonly IObserver<SseEvent> _observer;
    private readonly SseParser<Sink> _parser;

    public EventDecoder(IObserver<SseEvent> observer, string lastEventId, int maxEventSize)
        : base(lastEventId)
    {
        _observer = observer;
        _parser = new SseParser<Sink>(new Sink(this), LastEventId, maxEventSize);
    }

    public override SseFeedResult Feed(ReadOnlySpan<byte> chunk) => _parser.Feed(chunk);

    public override void BeginConnection()
    {
        base.BeginConnection();
        _parser.Reset();
    }

    protected override void DeliverEnd(SseException? error)
    {
        if (error is null)
            _observer.OnCompleted();
        else
            _observer.OnError(error);
    }

    private bool Deliver(in SseBlock block)
    {
        if (IsStopped)
            return false;

        HasDispatched = true;
        string lastEventId = block.LastEventId.Text;
        _observer.OnNext(new SseEvent
        {
            Event = block.HasEvent ? Utf8Text.Decode(block.Event) : null,
            Data = Utf8Text.Decode(block.Data),
            Id = block.HasId ? lastEventId : null,
            Retry = block.Retry,
            LastEventId = lastEventId,
        });
        return !IsStopped;
    }

    private readonly struct Sink(EventDecoder decoder) : ISseSink
    {
        public bool OnEvent(in SseBlock block) => decoder.Deliver(block);

        public bool OnComment(ReadOnlySpan<byte> text) => !decoder.IsStopped;

        public void OnReconnectionTime(TimeSpan time) => decoder.ReconnectionTime = time;
    }
}
