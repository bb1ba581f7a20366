using System.Net;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>Clients and requests for streams over HTTP/1.1 or HTTP/2.</summary>
internal static class StreamClient
{
    /// <summary>Creates a client without limits.</summary>
    /// <param name="pingTimeout">
    /// With HTTP/2: how long the answer to a ping may take. Without pings, a dead connection is not noticed: giving up
    /// a request does not close it, and the next request uses the same connection.
    /// </param>
    public static HttpClient Create(TimeSpan? pingTimeout = null)
    {
        var handler = new SocketsHttpHandler();
        if (pingTimeout is { } timeout)
            (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (TimeSpan.FromSeconds(1), timeout);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Requests HTTP/2 only, or HTTP/1.1. Without TLS, the version cannot be negotiated.</summary>
    public static SseRequest Get(Uri url, bool http2) =>
        SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });
}
