namespace Rx.Sse;

/// <summary>
/// A connection could not be opened, or broke. <see cref="Exception.InnerException"/> tells how: an
/// <see cref="HttpRequestException"/>, an <see cref="IOException"/>, a <see cref="TimeoutException"/> when no response
/// came within <see cref="HttpClient.Timeout"/>, or what a strategy of the reconnection pipeline rejected it with.
/// Retried by default.
/// </summary>
public sealed class SseConnectionException : SseException
{
    /// <summary>Makes one yourself, as in a test of what reports it.</summary>
    public SseConnectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
