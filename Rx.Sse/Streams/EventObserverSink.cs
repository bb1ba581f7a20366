using Rx.Sse.Parsing;

namespace Rx.Sse.Streams;

/// <summary>Delivers events as <see cref="SseEvent"/>.</summary>
internal class EventObserverSink(IObserver<SseEvent> observer, string lastEventId) : ObserverSink(lastEventId)
{
    private EventTypeCache _eventTypes;

    public sealed override bool OnEvent(ReadOnlySpan<byte> data, ReadOnlySpan<byte> chunk, SseUtf8Fields fields)
    {
        if (IsStopped)
            return false;
        EventCount++;
        var value = new SseEvent
        {
            Event = fields.Has(SseFields.Event) ? _eventTypes.Get(fields.Event(chunk)) : null,
            Data = Utf8Decoder.Decode(data),
            Id = fields.Has(SseFields.Id) ? LastEventId.Text : null,
            LastEventId = LastEventId.Text,
            Retry = fields.Has(SseFields.Retry) ? fields.Retry : null,
        };

        // Decoding a large event takes time, in which another thread may have disposed of the subscription.
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

    protected sealed override void OnError(Exception error) => observer.OnError(error);

    protected sealed override void OnCompleted() => observer.OnCompleted();
}
