namespace Rx.Sse;

/// <summary>Represents the regular end of a response where the stream should not end.</summary>
/// <remarks>
/// Retried by default if the method of the request is safe; see <see cref="SseOptions.EndOfStream"/>.
/// </remarks>
public sealed class SseEndOfStreamException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseEndOfStreamException()
        : this(0, 0)
    {
    }

    /// <inheritdoc cref="SseEndOfStreamException()"/>
    /// <param name="byteCount">The number of bytes that were received on the connection.</param>
    /// <param name="eventCount">The number of events that were received on the connection.</param>
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

    /// <summary>Gets the number of bytes that were received on the connection.</summary>
    public long ByteCount { get; }

    /// <summary>Gets the number of events that were received on the connection.</summary>
    /// <remarks>
    /// If it is zero but <see cref="ByteCount"/> is not, the body is most likely not an event stream, unless it had
    /// only comments.
    /// </remarks>
    public long EventCount { get; }

    /// <summary>Returns a copy whose message says that the request may not be sent again.</summary>
    internal SseEndOfStreamException NotSentAgain() =>
        new(ByteCount, EventCount, " The request is not safe and may not be sent again; see SseOptions.Resend.")
        {
            Address = Address,
        };
}
