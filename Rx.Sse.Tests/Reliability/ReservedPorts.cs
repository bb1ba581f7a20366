using System.Net;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Reliability;

/// <summary>
/// Ports for servers that stop and restart. They are below the ports that the system assigns to outgoing connections
/// and to servers that take any port (from 32768 on Linux, from 49152 elsewhere), so that nothing else takes a port
/// while its server is down.
/// </summary>
internal static class ReservedPorts
{
    private const int First = 20_000, Count = 12_000;

    /// <summary>Processes that run at the same time start at different ports.</summary>
    private static int _next = Environment.ProcessId * 97 % Count;

    /// <summary>Returns a port that nothing listens on. Each port is returned only once.</summary>
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
                // The port is in use.
            }
        }
    }
}
