using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>Delivers what the caller's selector returns for each event.</summary>
internal sealed class SelectorObserverSink<T>(IObserver<T> observer, SseSelector<T> selector, string lastEventId)
    : ObserverSink(lastEventId)
{
    public override bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block)
    {
        if (IsStopped)
            return false;
        EventCount++;
        T value;
        try
        {
            value = selector(new SseUtf8Event(chunk, block));
        }
        catch (Exception exception)
        {
            if (HasEnded)
                return Fail(exception);
            SelectorFault = exception;
            return false;
        }

        // The selector, or another thread while it ran, may have disposed of the subscription.
        if (IsStopped)
            return false;
        try
        {
            observer.OnNext(value);
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }

        return !IsStopped;
    }

    protected override void OnError(Exception error) => observer.OnError(error);

    protected override void OnCompleted() => observer.OnCompleted();
}
