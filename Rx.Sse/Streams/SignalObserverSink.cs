using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>Delivers all signals. Events are signals, and are delivered by the base class.</summary>
internal sealed class SignalObserverSink(IObserver<SseSignal> observer, string lastEventId)
    : EventObserverSink(observer, lastEventId)
{
    private readonly IObserver<SseSignal> _observer = observer;

    public override bool WantsComments => true;

    public override bool WantsSignals => true;

    public override bool OnComment(ReadOnlySpan<byte> text)
    {
        if (!IsStopped)
            Deliver(new SseComment { Text = Utf8Decoder.Decode(text) });
        return !IsStopped && ObserverFault is null;
    }

    public override void Deliver(SseSignal signal)
    {
        if (IsStopped)
            return;
        try
        {
            _observer.OnNext(signal);
        }
        catch (Exception exception)
        {
            KeepObserverFault(exception);
        }
    }
}
