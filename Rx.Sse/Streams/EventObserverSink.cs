using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>Delivers events as <see cref="SseEvent"/>.</summary>
internal class EventObserverSink(IObserver<SseEvent> observer, string lastEventId) : ObserverSink(lastEventId)
{
    private EventTypeCache _eventTypes;

    public sealed override bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block)
    {
        if (IsStopped)
            return false;
        EventCount++;
        var value = new SseEvent(
            Utf8Decoder.Decode(block.Data(chunk)),
            block.Has(SseFields.Event) ? _eventTypes.Get(block.Event(chunk)) : null,
            LastEventId.Text,
            block.Has(SseFields.Id),
            block.Has(SseFields.Retry) ? block.Retry : null);

        // Another thread may have disposed the subscription while a large event was decoded.
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

    protected sealed override void OnError(Exception error) => observer.OnError(error);

    protected sealed override void OnCompleted() => observer.OnCompleted();
}
