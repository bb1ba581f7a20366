namespace Rx.Sse.Streams;

/// <summary>Events as <see cref="SseEvent"/>, and nothing else.</summary>
internal readonly struct EventTarget(IObserver<SseEvent> observer) : ITarget
{
    public bool WantsSignals => false;

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
    }

    public void OnSignal(SseSignal signal)
    {
    }

    public void OnError(Exception error) => observer.OnError(error);

    public void OnCompleted() => observer.OnCompleted();
}
