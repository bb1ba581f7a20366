namespace Rx.Sse;

/// <summary>
/// The request could not be made or not be sent: the request factory failed (see <see cref="SseRequest"/>), or the
/// client refused the message before it went out, or was redirected to where none can go.
/// <see cref="Exception.InnerException"/> tells why. Never retried by default.
/// </summary>
public sealed class SseRequestException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
