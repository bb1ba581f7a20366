using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>Everything: an event is a signal itself.</summary>
internal readonly struct SignalTarget(IObserver<SseSignal> observer) : ITarget
{
    public bool WantsComments => true;

    public bool OnEvent(SseDecoder decoder, in SseUtf8Event e)
    {
        observer.OnNext(decoder.ToEvent(e));
        return !decoder.IsStopped;
    }

    public void OnComment(ReadOnlySpan<byte> text) => observer.OnNext(new SseComment { Text = Utf8Text.Decode(text) });

    public void OnSignal(SseSignal signal) => observer.OnNext(signal);

    public void OnError(Exception error) => observer.OnError(error);

    public void OnCompleted() => observer.OnCompleted();
}
