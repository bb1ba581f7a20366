using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// Classifies failures, and converts them for observers. Policies get the original exceptions, observers get an
/// <see cref="SseException"/>.
/// </summary>
internal static class Failure
{
    /// <summary>Determines whether another attempt may succeed.</summary>
    public static bool IsTransient(Exception? exception, ResilienceContext context) => exception switch
    {
        SseResponseException response => IsTransient(response.StatusCode),
#if NET
        HttpRequestException { StatusCode: { } status } => IsTransient(status),
#endif
        _ => IsLoss(exception) && !(IsRejectedCertificate(exception) && IsNeverConnected(context)),
    };

    /// <summary>
    /// Determines whether the connection could not be opened or was lost, without a response that forbids another
    /// attempt.
    /// </summary>
    public static bool IsLoss(Exception? exception) => exception switch
    {
        SseEndOfStreamException or SseIdleTimeoutException => true,
#if NET
        HttpRequestException { StatusCode: not null } => false,
#endif
        _ => IsConnectionFailure(exception),
    };

    /// <summary>Converts a failure to the exception that observers get.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="address">The address of the server, if it is known.</param>
    /// <param name="byteCount">The bytes that the lost connection brought; null if no connection was open.</param>
    /// <param name="eventCount">The events that it brought.</param>
    public static SseException ForObserver(
        Exception exception, Uri? address = null, long? byteCount = null, long? eventCount = null) => exception switch
        {
            SseException known => known.At(address),
            _ when IsConnectionFailure(exception) => new SseConnectionException(
                $"{DescribeConnection(address, byteCount, eventCount)}: {MessageOf(exception)}",
                exception)
            {
                Address = address,
                ByteCount = byteCount,
                EventCount = eventCount,
            },
            _ => new SseException($"The stream failed: {MessageOf(exception)}", exception) { Address = address },
        };

    private static string DescribeConnection(Uri? address, long? byteCount, long? eventCount)
    {
        string to = SseException.WithoutSecrets(address) is { } shown ? $" to {shown.AbsoluteUri}" : "";
        if (byteCount is not { } bytes)
            return $"Could not connect{to}";
        string brought = $"{SseException.Count(bytes, "byte")} and {SseException.Count(eventCount ?? 0, "event")}";
        return $"The connection{to} was lost after {brought}";
    }

    /// <summary>
    /// Gets the message. The property may be overridden and throw, which must not hide the failure.
    /// </summary>
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message;
        }
        catch (Exception)
        {
            return exception.GetType().ToString();
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        (int)status is 408 or 425 or 429 or (>= 500 and <= 599 and not (501 or 505 or 511));

    /// <summary>
    /// Determines whether the client rejected the server's certificate. Other failures of TLS have an inner exception.
    /// </summary>
    private static bool IsRejectedCertificate(Exception? exception) =>
        exception is HttpRequestException { InnerException: AuthenticationException { InnerException: null } }
#if !NET
            or HttpRequestException { InnerException: WebException { Status: WebExceptionStatus.TrustFailure } }
#endif
        ;

    /// <summary>
    /// Determines whether the stream has not opened a connection yet, so that the certificate was never accepted.
    /// </summary>
    private static bool IsNeverConnected(ResilienceContext context) =>
        context.Properties.GetValue(SseResilienceKeys.Attempt, default).ConnectionCount == 0;

    /// <summary>
    /// Determines whether the connection failed. A timeout of <see cref="HttpClient"/> or of a strategy counts, and so
    /// does a strategy that refuses the attempt for now, such as an open circuit. A missing file, such as a certificate
    /// or an assembly, does not: it stays missing.
    /// </summary>
    private static bool IsConnectionFailure(Exception? exception) => exception switch
    {
        FileNotFoundException or FileLoadException or DirectoryNotFoundException => false,
        HttpRequestException or IOException or SocketException or WebException => true,
        TimeoutException or ExecutionRejectedException => true,
        _ => false,
    };
}
