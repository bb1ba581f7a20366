namespace Rx.Sse;

/// <summary>Represents the start of an attempt to connect, right before the request is sent.</summary>
public sealed record SseConnecting : SseSignal
{
    /// <summary>Gets the address of the request; <see langword="null"/> if there is none.</summary>
    /// <remarks>A relative address has been resolved against <see cref="HttpClient.BaseAddress"/>.</remarks>
    public Uri? Address { get; init; }

    /// <summary>Gets the last event ID that is sent with the request; empty if none is sent.</summary>
    public string LastEventId { get; init; } = "";
}
