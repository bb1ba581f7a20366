using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Sse.Tests.Integration.Published;

/// <summary>How the server leaves a response.</summary>
internal enum Ending
{
    /// <summary>As the protocol says.</summary>
    Regular,

    /// <summary>The connection is gone in the middle of it.</summary>
    Break,

    /// <summary>It stays open, silent, until the client goes.</summary>
    Silence,
}

/// <summary>What one connection is answered with.</summary>
internal sealed record Answer(
    string Body, Ending Ending = Ending.Regular, string Status = "200 OK", string ContentType = "text/event-stream");

/// <summary>
/// Answers one connection after the other over a real socket, and keeps what was asked. All that a program needs that
/// carries no other server.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task<List<string>> _serving;

    public LoopbackServer(params Answer[] answers)
    {
        _listener.Start();
        _serving = ServeAsync(answers);
    }

    public string Url => $"http://{_listener.LocalEndpoint}/";

    /// <summary>
    /// The requests, head and body as text, when all answers have been given and the clients have gone.
    /// </summary>
    public Task<List<string>> RequestsAsync() => _serving;

    public void Dispose() => _listener.Dispose();

    private async Task<List<string>> ServeAsync(Answer[] answers)
    {
        var requests = new List<string>();
        foreach (Answer answer in answers)
        {
            using TcpClient connection = await _listener.AcceptTcpClientAsync();
            NetworkStream stream = connection.GetStream();
            requests.Add(await ReadRequestAsync(stream));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Response(answer)));
            if (answer.Ending != Ending.Silence)
                connection.Client.Shutdown(SocketShutdown.Send);
            await UntilClosedAsync(stream);
        }

        return requests;
    }

    /// <summary>A chunked response tells an end from a break.</summary>
    private static string Response(Answer answer)
    {
        string size = Encoding.UTF8.GetByteCount(answer.Body).ToString("x", CultureInfo.InvariantCulture);
        string end = answer.Ending == Ending.Regular ? "0\r\n\r\n" : "";
        return $"HTTP/1.1 {answer.Status}\r\nContent-Type: {answer.ContentType}\r\nConnection: close\r\n"
            + $"Transfer-Encoding: chunked\r\n\r\n{size}\r\n{answer.Body}\r\n{end}";
    }

    private static async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var request = new StringBuilder();
        int contentLength = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            request.Append(line).Append('\n');
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                contentLength = int.Parse(line.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture);
        }

        char[] body = new char[contentLength];
        if (contentLength > 0)
            await reader.ReadBlockAsync(body);
        return request.Append('\n').Append(body).ToString();
    }

    private static async Task UntilClosedAsync(NetworkStream stream)
    {
        try
        {
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            // Reset is closed, too.
        }
    }
}
