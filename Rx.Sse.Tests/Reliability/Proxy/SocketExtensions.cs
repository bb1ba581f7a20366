using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability.Proxy;

internal static class SocketExtensions
{
    /// <summary>What a socket throws that one of its two ends has closed.</summary>
    public static bool IsGone(this Exception exception) =>
        exception is SocketException or ObjectDisposedException or OperationCanceledException;

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    /// <summary>Closes with RST. That leaves no port behind that stays in use for another minute.</summary>
    public static void Reset(this Socket socket)
    {
        Try(() => socket.LingerState = new LingerOption(true, 0));
        socket.Dispose();
    }

    /// <summary>Sends FIN, after what is still to be sent.</summary>
    public static void Finish(this Socket socket) => Try(() => socket.Shutdown(SocketShutdown.Send));

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception.IsGone())
        {
            // The other end was quicker.
        }
    }
}
