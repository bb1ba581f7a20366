using System.Net;
#if !NET
using System.Net.Sockets;
#endif

namespace Rx.Sse.Http;

/// <summary>Whether a request that has failed was refused.</summary>
internal static class Refusal
{
    /// <summary>
    /// Whether it proves that the server has not received the request: no connection came about, or it answered with
    /// another status than success.
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
    /// Whether that cancellation is a timeout of connecting, as <c>SocketsHttpHandler.ConnectTimeout</c>. Only the text
    /// of the exception tells, or its key where texts are trimmed away.
    /// </summary>
    public static bool IsConnectTimeout(Exception? cancellation) =>
        cancellation is OperationCanceledException { InnerException: TimeoutException timeout }
        && (timeout.Message.Contains("ConnectTimeout") || timeout.Message.Contains("connect_timedout"));
}
