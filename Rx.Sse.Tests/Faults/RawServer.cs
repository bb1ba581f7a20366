using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Sse.Tests.Faults;

/// <summary>Answers each connection's request with the next of these texts, whatever it says, and closes the connection.</summary>
internal sealed class RawServer : IDisposable
{
    private const string EndOfHead = "\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawServer(params string[] answers)
    {
        _listener.Start();
        Url = $"http://{_listener.LocalEndpoint}/";
        _ = AnswerAsync(answers);
    }

    public string Url { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(string[] answers)
    {
        byte[] buffer = new byte[4096];
        foreach (string answer in answers)
        {
            using Socket client = await _listener.AcceptSocketAsync();
            for (string request = ""; !request.EndsWith(EndOfHead, StringComparison.Ordinal);)
                request += Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer));
            await client.SendAsync(Encoding.UTF8.GetBytes(answer));
            client.Shutdown(SocketShutdown.Send);

            // Closed before the client does so, a socket may answer with RST what it has not read.
            await client.ReceiveAsync(buffer);
        }
    }
}
