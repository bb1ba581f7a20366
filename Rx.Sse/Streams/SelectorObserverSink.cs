using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>Delivers the result of the caller's selector for each event.</summary>
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
                return KeepObserverFault(exception);
            SelectorFault = exception;
            return false;
        }

        // The selector, or another thread in the meantime, may have disposed the subscription.
        if (IsStopped)
            return false;
        try
        {
            observer.OnNext(value);
        }
        catch (Exception exception)
        {
            return KeepObserverFault(exception);
        }

        return !IsStopped;
    }

    protected override void OnError(Exception error) => observer.OnError(error);

    protected override void OnCompleted() => observer.OnCompleted();
}
