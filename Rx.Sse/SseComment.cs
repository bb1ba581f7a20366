namespace Rx.Sse;

/// <summary>The server sent a comment line; many servers send them to keep a connection alive.</summary>
public sealed record SseComment : SseSignal
{
    /// <summary>All that follows the colon, a leading space included.</summary>
    public string Text { get; init; } = "";
}
