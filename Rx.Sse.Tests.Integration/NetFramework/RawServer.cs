using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>Answers each request over a plain socket, with exactly the bytes that the check sends.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<RawConnection, Task> _answer;
    private readonly bool _keepsAlive;
    private int _connections;

    /// <param name="answer">Called for each request. The connection is closed when it returns.</param>
    /// <param name="keepsAlive">Whether to wait for another request on the connection instead of closing it.</param>
    /// <param name="port">The port, or 0 for any free port.</param>
    public RawServer(Func<RawConnection, Task> answer, bool keepsAlive = false, int port = 0)
    {
        _answer = answer;
        _keepsAlive = keepsAlive;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start(512);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}/";

    public ConcurrentQueue<RawConnection> Requests { get; } = new();

    public IEnumerable<string> LastEventIds => Requests.Select(request => request.Header("Last-Event-ID"));

    public int Connections => Volatile.Read(ref _connections);

    public void Dispose() => _listener.Stop();

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _connections);
                _ = Task.Run(() => ServeAsync(client));
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                do
                {
                    var connection = new RawConnection(client);
                    if (!await connection.ReadRequestAsync())
                        return;
                    Requests.Enqueue(connection);
                    connection.Number = Requests.Count;
                    await _answer(connection);
                }
                while (_keepsAlive);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The client has disconnected.
            }
        }
    }
}
