namespace Rx.Sse;

/// <summary>Represents the failure of a connection that could not be opened, or was lost.</summary>
/// <remarks>
/// The <see cref="Exception.InnerException"/> has the cause: an <see cref="HttpRequestException"/>, an
/// <see cref="IOException"/>, a <see cref="TimeoutException"/> if there was no response within
/// <see cref="HttpClient.Timeout"/>, or the exception with which a strategy has rejected the attempt. Retried by
/// default.
/// </remarks>
public sealed class SseConnectionException : SseException
{
    /// <summary>Initializes a new instance, for example to simulate the failure in a test.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public SseConnectionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Gets the number of bytes that were received; <see langword="null"/> if the connection could not be opened.
    /// </summary>
    public long? ByteCount { get; init; }

    /// <summary>
    /// Gets the number of events that were received; <see langword="null"/> if the connection could not be opened.
    /// </summary>
    public long? EventCount { get; init; }
}
