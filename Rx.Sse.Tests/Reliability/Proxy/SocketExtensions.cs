using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability.Proxy;

internal static class SocketExtensions
{
    /// <summary>Whether a socket throws this exception after either end has closed it.</summary>
    public static bool IsGone(this Exception exception) =>
        exception is SocketException or ObjectDisposedException or OperationCanceledException;

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Closes with RST, so that no port stays in use for another minute.</summary>
    public static void Reset(this Socket socket)
    {
        Try(() => socket.LingerState = new LingerOption(true, 0));
        socket.Dispose();
    }

    /// <summary>Sends FIN, after all pending data.</summary>
    public static void Finish(this Socket socket) => Try(() => socket.Shutdown(SocketShutdown.Send));

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception.IsGone())
        {
            // The other end was faster.
        }
    }
}
