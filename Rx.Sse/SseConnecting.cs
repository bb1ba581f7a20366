namespace Rx.Sse;

/// <summary>A request is about to be sent.</summary>
public sealed record SseConnecting : SseSignal
{
    /// <summary>
    /// Gets the address of the request, resolved against the client's base address; <see langword="null"/> if neither
    /// the message nor the client has one.
    /// </summary>
    public Uri? Address { get; init; }

    /// <summary>Gets the last event ID that is sent with the request; empty if none is sent.</summary>
    public string LastEventId { get; init; } = "";
}
