using System.Net.Sockets;

namespace Rx.Sse.Diagnostics;

/// <summary>Formats values for logs, measurements and activities, without anything that may be secret.</summary>
internal static class Safe
{
    /// <summary>Returns the address without user info, query and fragment.</summary>
    public static string Address(Uri? address) => address switch
    {
        { IsAbsoluteUri: false } => "(relative)",
        _ => SseException.WithoutSecrets(address)?.AbsoluteUri ?? "(unknown)",
    };

    /// <summary>
    /// Returns the types of the exception and of its inner exceptions, such as
    /// <c>SseConnectionException: HttpRequestException: SocketException ConnectionRefused</c>.
    /// </summary>
    public static string Reason(Exception exception)
    {
        string kind = exception switch
        {
            SseResponseException response => $"{nameof(SseResponseException)} {(int)response.StatusCode}",
            SocketException socket => $"{nameof(SocketException)} {socket.SocketErrorCode}",
            _ => exception.GetType().Name,
        };
        return exception.InnerException is { } inner ? $"{kind}: {Reason(inner)}" : kind;
    }

    /// <summary>Returns OpenTelemetry's <c>error.type</c>: the status of a refused response, else the type.</summary>
    public static string ErrorType(Exception exception) => exception is SseResponseException response
        ? $"{(int)response.StatusCode}"
        : exception.GetType().ToString();
}
