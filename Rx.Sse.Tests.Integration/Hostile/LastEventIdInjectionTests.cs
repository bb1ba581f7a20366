using System.Collections.Concurrent;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Rx.Sse.Tests.Integration.Faults;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Hostile;

/// <summary>
/// An ID goes back to the server in a header. Whatever bytes it contains, it must stay a single header. The tests check
/// the bytes that arrive.
/// </summary>
[CancelAfter(60_000)]
internal sealed class LastEventIdInjectionTests
{
    private const string Injected = "X-Injected: 1";

    /// <summary>
    /// Every byte, in the middle and at both ends, and everything else that might be taken for a line end.
    /// </summary>
    private static readonly byte[][] Ids =
    [
        .. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)'a', (byte)value, (byte)'z']),
        .. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value, (byte)'m', (byte)value]),
        .. Texts(
            $"a\r\n{Injected}", $"a\n{Injected}", $"a\r{Injected}", $"a\r\n\r\n{Injected}", $"a\0{Injected}",
            $"a\u0085{Injected}", $"a\u2028{Injected}", $"a\u2029{Injected}", $"a\v{Injected}", $"a\f{Injected}",
            $"a%0D%0A{Injected}"),

        // Bytes that become CR and LF in a careless decoder, or if only the low byte of each character is kept.
        [(byte)'a', 0xC0, 0x8D, 0xC0, 0x8A, .. Texts(Injected)[0]],
        [(byte)'a', 0xE0, 0x80, 0x8A, .. Texts(Injected)[0]],
        .. Texts($"a\u010D\u010A{Injected}", $"a\u560D\u560A{Injected}"),

        // Lone surrogates and truncated sequences.
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x9F], [0xE2, 0x80],
        .. Texts("😀", ":", "a: b", new string('7', 60_000), " ", "\t"),
    ];

    [Test]
    public async Task Id_OfAnyBytes_GoesBackAsOneHeader([Values] bool handlerIsTold, CancellationToken hang)
    {
        List<byte[]> sent = [.. Ids, "end"u8.ToArray()];
        var heads = new ConcurrentQueue<string>();
        await using var server = new RawServer(async connection =>
        {
            heads.Enqueue(connection.Head);
            await connection.SendAsync(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
            await connection.SendAsync((byte[])[.. "id: "u8, .. sent[heads.Count - 1], .. "\ndata: x\n\n"u8]);
        });
        using var handler = new SocketsHttpHandler();
        if (handlerIsTold)
            handler.RequestHeaderEncodingSelector = SseRequest.HeaderEncoding;
        using var client = new HttpClient(handler);

        IList<SseEvent> events = await Observable
            .FromSse(client, server.Url, AtOnce(), new ImpatientScheduler())
            .Take(sent.Count)
            .ToList()
            .ToTask(hang);

        string[] received = [.. heads];
        Assert.That(received, Has.Length.EqualTo(sent.Count));
        Assert.Multiple(() =>
        {
            for (int i = 1; i < received.Length; i++)
                Assert.That(
                    HeadersOf(received[i]),
                    Is.EqualTo(Expected(events[i - 1].LastEventId, handlerIsTold)),
                    Convert.ToHexString(sent[i - 1]));
        });
        TestContext.Out.WriteLine($"{received.Length} requests, {received.Sum(head => head.Length)} bytes of heads.");
    }

    [Test]
    public async Task LastEventId_OfTheCaller_GoesOutAsOneHeader(CancellationToken hang)
    {
        var heads = new ConcurrentQueue<string>();
        await using var server = new RawServer(connection =>
        {
            heads.Enqueue(connection.Head);
            return connection.SendAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        });
        using var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });
        string[] ids = ["a\u0001\v\f\u007F\u0085\u2028\u010Az", "\uD800a\uDC00", " a ", "\u00FF"];

        foreach (string id in ids)
            await Observable.FromSse(client, server.Url, new SseOptions { LastEventId = id })
                .LastOrDefaultAsync()
                .ToTask(hang);

        Assert.That(heads.Select(HeadersOf), Is.EqualTo(ids.Select(id => Expected(id, handlerIsTold: true))));
    }

    private static SseOptions AtOnce() => new()
    {
        Reconnection = SseReconnection.Default with { DelayGenerator = static _ => new(TimeSpan.Zero) },
    };

    /// <summary>
    /// Returns all headers except Host. Splits at every CR and every LF, so that no header can hide another.
    /// </summary>
    private static string[] HeadersOf(string head) =>
        [
            .. head.Split("\r\n").Skip(1)
                .SelectMany(line => line.Split('\r', '\n'))
                .Where(line => line.Length > 0 && !line.StartsWith("Host:", StringComparison.Ordinal)),
        ];

    /// <summary>Returns the expected headers, with one character for each byte of the ID's UTF-8.</summary>
    private static List<string> Expected(string id, bool handlerIsTold)
    {
        List<string> headers = ["Accept: text/event-stream", "Cache-Control: no-cache"];
        if (id.Length > 0 && (handlerIsTold || id.All(char.IsAscii)))
            headers.Add($"Last-Event-ID: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(id))}");
        return headers;
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
