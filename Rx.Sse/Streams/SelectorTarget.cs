namespace Rx.Sse.Streams;

/// <summary>What the caller's selector makes of the events' bytes, and nothing else.</summary>
internal readonly struct SelectorTarget<T>(IObserver<T> observer, SseSelector<T> selector) : ITarget
{
    public bool WantsSignals => false;

    public bool OnEvent(SseDecoder decoder, SseUtf8Event e)
    {
        decoder.Callback = Callback.Selector;
        T value = selector(e);
        decoder.Callback = Callback.None;

        // The selector is the caller's code, and may have taken its time.
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
