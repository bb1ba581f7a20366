namespace Rx.Sse;

/// <summary>Represents the failure of a request that could not be created or sent.</summary>
/// <remarks>
/// The request factory has failed (see <see cref="SseRequest"/>), or the client has refused the message or a redirect
/// without sending it. The <see cref="Exception.InnerException"/> has the cause. Not retried by default.
/// </remarks>
public sealed class SseRequestException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause; <see langword="null"/> for none.</param>
    public SseRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
