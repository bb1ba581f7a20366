using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>A decoder for observers of <typeparamref name="T"/>, compiled for what <typeparamref name="TProjection"/> makes of an event.</summary>
internal sealed class ProjectingDecoder<T, TProjection> : SseDecoder
    where TProjection : struct, IProjection<T>
{
    private readonly IObserver<T> _observer;
    private readonly SseParser<Sink> _parser;
    private readonly TProjection _projection;

    public ProjectingDecoder(IObserver<T> observer, TProjection projection, string lastEventId, int maxEventSize)
        : base(lastEventId)
    {
        _observer = observer;
        _projection = projection;
        _parser = new SseParser<Sink>(new Sink(this), LastEventId, maxEventSize);
    }

    public override SseFeedResult Feed(ReadOnlySpan<byte> chunk) => _parser.Feed(chunk);

    public override void Reset()
    {
        base.Reset();
        _parser.Reset();
    }

    public override void Deliver(SseSignal signal)
    {
        if (!IsStopped && _projection.TryProject(signal, out T? value))
            _observer.OnNext(value);
    }

    protected override void DeliverEnd(Exception? error)
    {
        if (error is null)
            _observer.OnCompleted();
        else
            _observer.OnError(error);
    }

    private bool Deliver(SseUtf8Event e)
    {
        if (IsStopped)
            return false;

        EventCount++;
        T value;
        try
        {
            value = _projection.Project(e, LastEventId);
        }
        catch (Exception exception)
        {
            SelectorError = exception;
            return false;
        }

        // The selector is the caller's code, and may have taken its time.
        if (IsStopped)
            return false;
        _observer.OnNext(value);
        return !IsStopped;
    }

    private bool Deliver(ReadOnlySpan<byte> comment)
    {
        if (!IsStopped && _projection.TryProject(comment, out T? value))
            _observer.OnNext(value);
        return !IsStopped;
    }

    private readonly struct Sink(ProjectingDecoder<T, TProjection> decoder) : ISseSink
    {
        public bool OnEvent(SseUtf8Event e) => decoder.Deliver(e);

        public bool OnComment(ReadOnlySpan<byte> text) => decoder.Deliver(text);

        public void OnReconnectionTime(TimeSpan time) => decoder.ReconnectionTime = time;
    }
}
