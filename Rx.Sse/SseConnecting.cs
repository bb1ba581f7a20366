namespace Rx.Sse;

/// <summary>A request is about to be sent.</summary>
public sealed record SseConnecting : SseSignal
{
    /// <summary>Where to, as the client completes the message's address; <see langword="null"/> if neither has one.</summary>
    public Uri? Address { get; init; }

    /// <summary>The last event ID that is sent along; empty if none is.</summary>
    public string LastEventId { get; init; } = "";
}
