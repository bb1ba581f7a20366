namespace Rx.Sse;

/// <summary>Something that happened on an event stream. A record: compared by value.</summary>
public abstract record SseSignal
{
    private protected SseSignal()
    {
    }
}
