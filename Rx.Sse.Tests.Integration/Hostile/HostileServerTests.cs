using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Hostile;

/// <summary>
/// Servers that never stop sending, over real sockets: the stream ends in a documented way, and the connection is
/// closed.
/// </summary>
[CancelAfter(60_000)]
internal sealed class HostileServerTests
{
    private const int Limit = 100_000;

    private const string EventStream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    [Test]
    public async Task ErrorBody_Endless_IsReadAsFarAsIsGoodAndCutOff(CancellationToken hang)
    {
        Exception? error = await FloodAsync(
            "HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\n\r\n", new string('x', 10_000), hang);

        Assert.That(error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo(new string('x', 64 * 1024)));
    }

    [TestCase("data: ")]
    [TestCase(": ")]
    [TestCase("id: ")]
    [TestCase("event: ")]
    public async Task Line_Endless_EndsAtTheLimit(string start, CancellationToken hang)
    {
        Exception? error = await FloodAsync($"{EventStream}\r\n{start}", new string('x', 10_000), hang);

        Assert.That(error, Is.TypeOf<SseLimitException>());
    }

    [Test]
    public async Task Headers_Endless_AreAFailureOfTheConnection(CancellationToken hang)
    {
        Exception? error = await FloodAsync(EventStream, "X-Header: x\r\n", hang);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task Header_Endless_IsAFailureOfTheConnection(CancellationToken hang)
    {
        Exception? error = await FloodAsync($"{EventStream}X-Header: ", new string('x', 10_000), hang);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task InformationalResponses_Endless_AreAFailureOfTheConnection(CancellationToken hang)
    {
        Exception? error = await FloodAsync("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", hang);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task ChunkExtension_Endless_IsAFailureOfTheConnection(CancellationToken hang)
    {
        Exception? error = await FloodAsync(
            $"{EventStream}Transfer-Encoding: chunked\r\n\r\n5;", new string('x', 10_000), hang);

        Assert.That(error, Is.TypeOf<SseConnectionException>());
    }

    /// <summary>The limit applies to the decompressed size of the event.</summary>
    [Test]
    public async Task Event_PackedAThousandfold_EndsAtTheLimit(CancellationToken hang)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(Encoding.ASCII.GetBytes("data: " + new string('x', 100 * Limit)));
        await using var server = new RawServer(async connection =>
        {
            await connection.SendAsync($"{EventStream}Content-Encoding: gzip\r\n\r\n");
            await connection.SendAsync(packed.ToArray());
        });

        Exception? error = await FailureAsync(server, hang);

        TestContext.Out.WriteLine($"{100 * Limit} bytes in {packed.Length}.");
        Assert.That(error, Is.TypeOf<SseLimitException>());
    }

    [Test]
    public async Task Redirects_Endless_EndWithTheLastOfThem(CancellationToken hang)
    {
        int requests = 0;
        await using var server = new RawServer(connection =>
        {
            requests++;
            return connection.SendAsync(
                "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });

        Exception? error = await FailureAsync(server, hang);

        Assert.That(error, Is.TypeOf<SseResponseException>().With.Property("StatusCode").EqualTo(HttpStatusCode.Found));
        Assert.That(requests, Is.EqualTo(51), "the first and the fifty that SocketsHttpHandler follows");
    }

    [TestCase("e:/")]
    [TestCase("x://%")]
    public async Task Redirect_ToWhereNoRequestCanGo_IsARequestThatCannotBeSent(string location, CancellationToken hang)
    {
        await using var server = new RawServer(
            connection => connection.SendAsync(
                $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));

        Exception? error = await FailureAsync(server, hang);

        Assert.That(error, Is.TypeOf<SseRequestException>().With.InnerException.Not.Null);
    }

    [Test]
    public async Task Headers_AThousand_AreNoObstacle(CancellationToken hang)
    {
        string headers = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"X-{i}: {i}\r\n"));
        await using var server = new RawServer(
            connection => connection.SendAsync($"{EventStream}{headers}\r\ndata: a\n\n"));

        Assert.That(await FailureAsync(server, hang), Is.Null);
    }

    /// <summary>
    /// Runs a server that sends the same bytes forever. Returns the error of the stream, once the server has seen the
    /// connection close.
    /// </summary>
    private static async Task<Exception?> FloodAsync(string start, string unit, CancellationToken hang)
    {
        long sent = 0;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async connection =>
        {
            byte[] bytes = Encoding.Latin1.GetBytes(
                string.Concat(Enumerable.Repeat(unit, Math.Max(1, 10_000 / unit.Length))));
            try
            {
                await connection.SendAsync(start);
                for (; ; sent += bytes.Length)
                    await connection.SendAsync(bytes);
            }
            catch (SocketException)
            {
                closed.SetResult();
            }
        });

        Exception? error = await FailureAsync(server, hang);
        await closed.Task.WaitAsync(hang);

        TestContext.Out.WriteLine(
            $"The server got rid of {sent} bytes, into the buffers of the sockets too, "
            + "until the connection was closed.");
        return error;
    }

    /// <summary>
    /// Returns the error of a stream in virtual time that does not advance, so that no timeout ends it.
    /// </summary>
    private static async Task<Exception?> FailureAsync(RawServer server, CancellationToken hang)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All });
        using var buffers = new BufferCensus();

        Exception? error = await Observable
            .FromSse(
                client,
                server.Url,
                new SseOptions { Reconnection = SseReconnection.Never, MaxEventSize = Limit },
                new HistoricalScheduler())
            .Materialize().Select(notification => notification.Exception).LastAsync().ToTask(hang);

        TestContext.Out.WriteLine($"{buffers.MostBytes} bytes were rented at the same time.");
        Assert.That(buffers.MostBytes, Is.LessThan(10 * Limit));
        return error;
    }
}
