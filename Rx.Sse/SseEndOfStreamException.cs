namespace Rx.Sse;

/// <summary>
/// The server ended the response, without an error on the connection. Retried by default for requests that are safe
/// to send again; see <see cref="SseEndOfStream"/>.
/// </summary>
public sealed class SseEndOfStreamException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseEndOfStreamException()
        : this(0, 0)
    {
    }

    /// <inheritdoc cref="SseEndOfStreamException()"/>
    /// <param name="byteCount">The number of bytes that the connection brought.</param>
    /// <param name="eventCount">The number of events that the connection brought.</param>
    public SseEndOfStreamException(long byteCount, long eventCount)
        : this(byteCount, eventCount, "")
    {
    }

    private SseEndOfStreamException(long byteCount, long eventCount, string consequence)
        : base((byteCount > 0 && eventCount == 0
            ? $"The server ended the response after {Count(byteCount, "byte")} without an event."
                + " Unless these were only comments, the body most likely is no event stream."
            : "The server ended the event stream.") + consequence)
    {
        ByteCount = byteCount;
        EventCount = eventCount;
    }

    /// <summary>Gets the number of bytes that the connection brought.</summary>
    public long ByteCount { get; }

    /// <summary>
    /// Gets the number of events that the connection brought. If it is zero but <see cref="ByteCount"/> is not, the
    /// body most likely is no event stream, unless it had only comments.
    /// </summary>
    public long EventCount { get; }

    /// <summary>The same end, of a stream whose request may not be sent again.</summary>
    internal SseEndOfStreamException NotSentAgain() =>
        new(ByteCount, EventCount, " The request is not safe and may not be sent again; see SseOptions.Resend.")
        {
            Address = Address,
        };
}
