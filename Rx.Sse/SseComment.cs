namespace Rx.Sse;

/// <summary>The server sent a comment line; many servers send them to keep a connection alive.</summary>
public sealed record SseComment : SseSignal
{
    /// <summary>Gets the text after the colon, including a leading space.</summary>
    public string Text { get; init; } = "";
}
