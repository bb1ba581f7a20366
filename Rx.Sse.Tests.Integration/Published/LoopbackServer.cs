using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rx.Sse.Tests.Integration.Published;

/// <summary>How the server ends a response.</summary>
internal enum Ending
{
    /// <summary>The response is completed.</summary>
    Regular,

    /// <summary>The connection breaks in the middle of the response.</summary>
    Break,

    /// <summary>The response stays open and silent until the client disconnects.</summary>
    Silence,
}

/// <summary>The answer to one connection.</summary>
internal sealed record Answer(
    string Body, Ending Ending = Ending.Regular, string Status = "200 OK", string ContentType = "text/event-stream");

/// <summary>
/// Answers one connection after another over a real socket, and records the requests. Needs no other server library,
/// which the published program does not include.
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
    /// Returns the requests, head and body as text, when all answers have been sent and the clients have disconnected.
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

    /// <summary>Chunked, because this distinguishes the end of a response from a broken connection.</summary>
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
            // A reset also means that the client has closed the connection.
        }
    }
}
