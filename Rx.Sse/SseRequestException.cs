namespace Rx.Sse;

/// <summary>
/// The request could not be made or not be sent: the request factory failed (see <see cref="SseRequest"/>), or the
/// client refused the message before it went out, or was redirected to where none can go.
/// <see cref="Exception.InnerException"/> tells why. Never retried by default.
/// </summary>
public sealed class SseRequestException : SseException
{
    /// <summary>Makes one yourself, as in a test of what reports it.</summary>
    public SseRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
