using System.Net;
#if !NET
using System.Net.Sockets;
#endif

namespace Rx.Sse.Http;

/// <summary>Determines whether a failed request was refused, as <see cref="SseResend.WhenRefused"/> means it.</summary>
internal static class Refusal
{
    /// <summary>
    /// Determines whether the exception proves that the server did not act on the request: no connection could be
    /// opened, or the server answered with a status that is not a success.
    /// </summary>
    public static bool Is(Exception exception) => exception switch
    {
        SseResponseException response => (int)response.StatusCode is < 200 or > 299,
        TimeoutException => IsConnectTimeout(exception.InnerException),
#if NET
        HttpRequestException request => request.HttpRequestError
            is HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError
            or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError,
#else
        HttpRequestException { InnerException: WebException web } => web.Status
            is WebExceptionStatus.NameResolutionFailure
            or WebExceptionStatus.ProxyNameResolutionFailure
            or WebExceptionStatus.ConnectFailure
            or WebExceptionStatus.SecureChannelFailure
            or WebExceptionStatus.TrustFailure,
        HttpRequestException { InnerException: SocketException socket } => socket.SocketErrorCode
            is SocketError.ConnectionRefused or SocketError.HostNotFound or SocketError.HostUnreachable,
#endif
        _ => false,
    };

    /// <summary>
    /// Determines whether a cancellation is caused by <c>SocketsHttpHandler.ConnectTimeout</c>. Only the message of the
    /// exception shows it, or the resource key where an application is trimmed without messages.
    /// </summary>
    public static bool IsConnectTimeout(Exception? cancellation) =>
        cancellation is OperationCanceledException { InnerException: TimeoutException timeout }
        && (timeout.Message.Contains("ConnectTimeout") || timeout.Message.Contains("connect_timedout"));
}
