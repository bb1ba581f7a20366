namespace Rx.Sse;

/// <summary>Represents something that happened on an event stream. Compared by value.</summary>
public abstract record SseSignal
{
    private protected SseSignal()
    {
    }
}
