using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>Everything: an event is a signal itself.</summary>
internal readonly struct SignalTarget(IObserver<SseSignal> observer) : ITarget
{
    public bool WantsSignals => true;

    public bool OnEvent(SseDecoder decoder, SseUtf8Event e)
    {
        SseEvent value = decoder.ToEvent(e);

        // To make the text of a large event takes its time.
        if (decoder.IsStopped)
            return false;
        decoder.Callback = Callback.Observer;
        observer.OnNext(value);
        decoder.Callback = Callback.None;
        return !decoder.IsStopped;
    }

    public void OnComment(SseDecoder decoder, ReadOnlySpan<byte> text)
    {
        var comment = new SseComment { Text = Utf8Decoder.Decode(text) };
        if (decoder.IsStopped)
            return;
        decoder.Callback = Callback.Observer;
        observer.OnNext(comment);
        decoder.Callback = Callback.None;
    }

    public void OnSignal(SseSignal signal) => observer.OnNext(signal);

    public void OnError(Exception error) => observer.OnError(error);

    public void OnCompleted() => observer.OnCompleted();
}
