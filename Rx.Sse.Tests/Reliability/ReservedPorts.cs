using System.Net;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability;

/// <summary>
/// Ports for servers that go and come back. They lie below those that the system gives to outgoing connections and to
/// servers that take any port (from 32768 on Linux, from 49152 elsewhere), so that nobody else gets one while its
/// server is away.
/// </summary>
internal static class ReservedPorts
{
    private const int First = 20_000, Count = 12_000;

    /// <summary>Processes at work at the same time begin at different places.</summary>
    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>Gets a port that nobody listens on, and that is given out once.</summary>
    public static int Next()
    {
        while (true)
        {
            int port = First + Interlocked.Increment(ref _next) % Count;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody is there.
            }
        }
    }
}
