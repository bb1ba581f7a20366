namespace Rx.Sse;

/// <summary>
/// The server ended the response, without an error on the connection. Retried by default for requests that are safe
/// to send again; see <see cref="SseEndOfStream"/>.
/// </summary>
public sealed class SseEndOfStreamException : SseException
{
    /// <summary>Makes one yourself, as in a test of what reports it.</summary>
    public SseEndOfStreamException()
        : base("The server ended the event stream.")
    {
    }

    internal SseEndOfStreamException(string message)
        : base(message)
    {
    }
}
