namespace Rx.Sse;

/// <summary>Represents an event or a connection change of an event stream.</summary>
/// <remarks>Compared by value. Later versions may add more kinds, so that a <c>switch</c> needs a default
/// arm.</remarks>
public abstract record SseSignal
{
    private protected SseSignal()
    {
    }
}
