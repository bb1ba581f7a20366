namespace Rx.Sse;

/// <summary>
/// An event, or a comment, is larger than <see cref="SseOptions.MaxEventSize"/>. The default policies never retry it,
/// because the server would send the same event again.
/// </summary>
public sealed class SseLimitException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseLimitException(int maxEventSize)
        : base($"An event of the stream is larger than {maxEventSize} bytes.") => MaxEventSize = maxEventSize;

    /// <summary>Gets the limit that was exceeded, in bytes.</summary>
    public int MaxEventSize { get; }
}
