using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>A decoder compiled for one kind of target.</summary>
internal sealed class TargetDecoder<TTarget> : SseDecoder
    where TTarget : struct, ITarget
{
    private readonly TTarget _target;
    private readonly int _maxEventSize;

    /// <summary>Made while the server thinks about its answer, or for the first chunk.</summary>
    private SseParser<Sink>? _parser;

    public TargetDecoder(TTarget target, string lastEventId, int maxEventSize)
        : base(lastEventId)
    {
        _target = target;
        _maxEventSize = maxEventSize;
    }

    public override bool WantsSignals => _target.WantsSignals;

    private SseParser<Sink> Parser => _parser ??= new SseParser<Sink>(new Sink(this), LastEventId, _maxEventSize);

    public override void Prepare() => _ = Parser;

    public override SseFeedResult Feed(ReadOnlySpan<byte> chunk)
    {
        try
        {
            return Parser.Feed(chunk);
        }
        catch (Exception exception) when (Callback != Callback.Observer)
        {
            return Fail(exception);
        }
    }

    public override void Rest() => _parser?.Rest();

    public override void Reset()
    {
        base.Reset();
        _parser?.Reset();
    }

    public override void Deliver(SseSignal signal)
    {
        if (!IsStopped)
            _target.OnSignal(signal);
    }

    protected override void DeliverEnd(Exception? error)
    {
        if (error is null)
            _target.OnCompleted();
        else
            _target.OnError(error);
    }

    private bool OnEvent(SseUtf8Event e)
    {
        if (IsStopped)
            return false;
        EventCount++;
        return _target.OnEvent(this, e);
    }

    private readonly struct Sink(TargetDecoder<TTarget> decoder) : ISseSink
    {
        public bool OnEvent(SseUtf8Event e) => decoder.OnEvent(e);

        public bool WantsComments => decoder._target.WantsSignals;

        public bool OnComment(ReadOnlySpan<byte> text)
        {
            if (!decoder.IsStopped)
                decoder._target.OnComment(decoder, text);
            return !decoder.IsStopped;
        }

        public void OnReconnectionTime(TimeSpan time) => decoder.ReconnectionTime = time;
    }
}
