using System.Net;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>Clients and requests for streams over one version of HTTP or the other.</summary>
internal static class StreamClient
{
    /// <summary>Makes a client that limits nothing.</summary>
    /// <param name="pingTimeout">
    /// Over HTTP/2: how long the answer to a ping may take. Without pings nobody finds out that a connection is dead:
    /// to give a request up does not close it, and the next request goes the same way.
    /// </param>
    public static HttpClient Create(TimeSpan? pingTimeout = null)
    {
        var handler = new SocketsHttpHandler();
        if (pingTimeout is { } timeout)
            (handler.KeepAlivePingDelay, handler.KeepAlivePingTimeout) = (TimeSpan.FromSeconds(1), timeout);
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>HTTP/2 and nothing else, or HTTP/1.1. Without TLS a server cannot be asked which.</summary>
    public static SseRequest Get(Uri url, bool http2) =>
        SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });
}
