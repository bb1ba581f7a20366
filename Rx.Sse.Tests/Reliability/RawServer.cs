using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Sse.Tests.Reliability;

/// <summary>
/// A server that does not parse HTTP: it hands out the received bytes and sends the given bytes, both unchanged.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<RawConnection, Task> _answer;
    private readonly Task _accepting;

    /// <param name="answer">
    /// Responds on a connection on which a request head has arrived. When it returns, the connection is closed.
    /// </param>
    public RawServer(Func<RawConnection, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_end.Token);
                connections.Add(ServeAsync(socket));
                connections.RemoveAll(connection => connection.IsCompleted);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                if (await ReadHeadAsync(socket) is { } head)
                    await _answer(new RawConnection(socket, head, _end.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // The client has disconnected, or the test has ended.
            }
        }
    }

    /// <summary>Returns one character for each byte; null if the client disconnects first.</summary>
    private async Task<string?> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int count = await socket.ReceiveAsync(buffer, _end.Token);
            if (count == 0)
                return null;
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return head.ToString();
    }
}

/// <param name="Socket">The connection.</param>
/// <param name="Head">The request up to its blank line, with one character for each byte.</param>
/// <param name="End">Cancelled when the server is disposed of.</param>
internal sealed record RawConnection(Socket Socket, string Head, CancellationToken End)
{
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await Socket.SendAsync(bytes, End)..];
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));
}
