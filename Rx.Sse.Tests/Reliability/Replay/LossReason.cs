using System.Net.Sockets;
using Polly.Timeout;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>Names for the reasons why a connection was lost, as the client saw them.</summary>
internal static class LossReason
{
    public const string End = "end";
    public const string Silence = "silence";
    public const string NoHeaders = "no headers";
    public const string Refused = nameof(SocketError.ConnectionRefused);
    public const string Reset = nameof(SocketError.ConnectionReset);
    public const string CutShort = nameof(HttpRequestError.ResponseEnded);

    public static string Of(SseException reason) => reason switch
    {
        SseEndOfStreamException => End,
        SseIdleTimeoutException => Silence,
        { InnerException: TimeoutRejectedException or TimeoutException } => NoHeaders,
        _ => reason.GetBaseException() switch
        {
            // A client that is just about to write notices the reset by this error.
            SocketException { SocketErrorCode: SocketError.Shutdown } => Reset,
            SocketException socket => $"{socket.SocketErrorCode}",
            HttpIOException http => $"{http.HttpRequestError}",
            HttpRequestException http => $"{http.HttpRequestError}",
            { } other => other.GetType().Name,
        },
    };
}
