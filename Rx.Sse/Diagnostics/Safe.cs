using System.Net.Sockets;

namespace Rx.Sse.Diagnostics;

/// <summary>What may be told to logs and traces.</summary>
internal static class Safe
{
    /// <summary>The address without user info, query and fragment.</summary>
    public static string Address(Uri? address) => address switch
    {
        { IsAbsoluteUri: false } => "(relative)",
        _ => SseException.WithoutSecrets(address)?.AbsoluteUri ?? "(unknown)",
    };

    /// <summary>The kinds of the exception and of its causes, such as <c>SseConnectionException: HttpRequestException: SocketException ConnectionRefused</c>.</summary>
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
}
