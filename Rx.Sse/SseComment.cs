namespace Rx.Sse;

/// <summary>Represents a comment line, which many servers send to keep a connection alive.</summary>
public sealed record SseComment : SseSignal
{
    /// <summary>Gets the text after the colon, including a leading space.</summary>
    public string Text { get; init; } = "";
}
