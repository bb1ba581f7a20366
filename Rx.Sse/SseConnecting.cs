namespace Rx.Sse;

/// <summary>A request is about to be sent.</summary>
public sealed record SseConnecting : SseSignal
{
    /// <summary>Where to, as the message says; <see langword="null"/> if it leaves that to the client.</summary>
    public Uri? Address { get; init; }

    /// <summary>The last event ID that is sent along; empty if none is.</summary>
    public string LastEventId { get; init; } = "";
}
