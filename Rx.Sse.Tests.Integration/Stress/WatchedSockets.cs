using System.Net.Sockets;

namespace Rx.Sse.Tests.Integration.Stress;

/// <summary>Counts the open sockets of a client.</summary>
internal sealed class WatchedSockets
{
    public Gauge Open { get; } = new();

    /// <summary>A callback for <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Open.Increment();
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new WatchedStream(socket, Open);
        }
        catch (Exception)
        {
            socket.Dispose();
            Open.Decrement();
            throw;
        }
    }

    private sealed class WatchedStream(Socket socket, Gauge open) : NetworkStream(socket, ownsSocket: true)
    {
        private int _isClosed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _isClosed, 1) == 0)
                open.Decrement();
        }
    }
}
