namespace Rx.Sse;

/// <summary>
/// Represents the failure of a stream with an event larger than <see cref="SseOptions.MaxEventSize"/>.
/// </summary>
/// <remarks>
/// It can also be a comment. It is never retried, because the server would send the same event again.
/// </remarks>
public sealed class SseLimitException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    /// <param name="maxEventSize">The limit, in bytes.</param>
    public SseLimitException(int maxEventSize)
        : base($"An event of the stream is larger than {maxEventSize} bytes.") => MaxEventSize = maxEventSize;

    /// <summary>Gets the limit that was exceeded, in bytes.</summary>
    public int MaxEventSize { get; }
}
