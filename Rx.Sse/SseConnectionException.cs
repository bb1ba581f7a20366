namespace Rx.Sse;

/// <summary>
/// A connection could not be opened, or broke. <see cref="Exception.InnerException"/> tells how: an
/// <see cref="HttpRequestException"/>, an <see cref="IOException"/>, a <see cref="TimeoutException"/> when no response
/// came within <see cref="HttpClient.Timeout"/>, or what a strategy of the reconnection pipeline rejected it with.
/// Retried by default.
/// </summary>
public sealed class SseConnectionException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    public SseConnectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets the number of bytes that the connection brought before it was lost; <see langword="null"/> if it could not
    /// be opened.
    /// </summary>
    public long? ByteCount { get; init; }

    /// <summary>
    /// Gets the number of events that the connection brought before it was lost; <see langword="null"/> if it could not
    /// be opened.
    /// </summary>
    public long? EventCount { get; init; }
}
