using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>A request and the connection on which to answer it.</summary>
internal sealed class RawConnection
{
    private static readonly Encoding Latin1 = Encoding.GetEncoding("iso-8859-1");

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private string _head = "";

    public RawConnection(TcpClient client)
    {
        _client = client;
        _client.NoDelay = true;
        _stream = client.GetStream();
    }

    /// <summary>The number of this request to the server, from 1.</summary>
    public int Number { get; set; }

    public string Body { get; private set; } = "";

    public string RequestLine => _head.Split('\r')[0];

    /// <summary>
    /// Returns the value of a header, with one character for each byte; empty if the header is missing.
    /// </summary>
    public string Header(string name) => _head.Split('\n')
        .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))?
        .Substring(name.Length + 1).Trim() ?? "";

    /// <returns>False if the client closed the connection instead.</returns>
    public async Task<bool> ReadRequestAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await ReadAsync(1) is not [var next])
                return false;
            head.Append((char)next);
        }

        _head = head.ToString();
        if (Header("Expect").Length > 0)
            await SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
        if (Header("Content-Length") is { Length: > 0 } length)
            Body = Latin1.GetString(await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture)));
        return true;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends the head of a chunked response.</summary>
    public Task OpenAsync(string type = "text/event-stream", string status = "200 OK") =>
        SendAsync($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n");

    public Task ChunkAsync(string text) => ChunkAsync(Encoding.UTF8.GetBytes(text));

    public Task ChunkAsync(byte[] bytes) =>
        SendAsync([.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, (byte)'\r', (byte)'\n']);

    /// <summary>Ends a chunked response.</summary>
    public Task EndAsync() => SendAsync("0\r\n\r\n");

    /// <summary>Closes the connection with a TCP reset.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(true, 0);
        _client.Close();
    }

    /// <summary>Waits until the client has closed the connection.</summary>
    public async Task ClosedAsync()
    {
        try
        {
            while ((await ReadAsync(1)).Length > 0)
            {
            }
        }
        catch (IOException)
        {
            // The client has reset the connection.
        }
    }

    private Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, 0, bytes.Length);

    /// <summary>Reads the given number of bytes, or fewer at the end of the connection.</summary>
    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        int read = 0, more = 1;
        while (read < count && more > 0)
        {
            more = await _stream.ReadAsync(bytes, read, count - read);
            read += more;
        }

        return [.. bytes.Take(read)];
    }
}
