using System.Reactive.Linq;
using static System.TimeSpan;

namespace Rx.Sse.Tests.Http;

/// <summary>
/// The memory that an idle stream holds and the cost of a wake-up, with .NET's own handler on an in-memory connection.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class IdleMemoryTests : IDisposable
{
    private static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    private readonly PushedConnection _connection = new();

    public void Dispose() => _connection.Dispose();

    [Test]
    public void FromSse_FallsIdleBetweenEvents_HoldsNoArray([Values] bool isChunked)
    {
        using var buffers = new BufferCensus();
        int events = 0;
        using HttpClient client = _connection.CreateClient();
        using IDisposable subscription = Observable.FromSse(client, "http://test/", Never)
            .Subscribe(_ => events++, _ => { });
        Open(isChunked);

        Push(isChunked, "event: x\nid: 1\nda");
        Assert.That(buffers.Outstanding, Is.EqualTo(3), "what the cut line and its block have so far");
        Push(isChunked, "ta: a\n\n");

        Assert.That(events, Is.EqualTo(1));
        Assert.That(buffers.Outstanding, Is.Zero);
        _connection.End();
    }

    /// <summary>Sizes around those of the handler's buffer and of the reads.</summary>
    [Test]
    public void FromSse_FallsIdleAfterABurst_HoldsNoArray(
        [Values(255, 256, 3_990, 4_000, 4_050, 4_095, 4_096, 4_097, 8_192, 60_000, 65_536, 69_632, 131_072)] int size,
        [Values("\n", "\r", "\r\n")] string newLine,
        [Values] bool isChunked)
    {
        int overhead = "data: ".Length + 2 * newLine.Length;
        string burst = $"data: {new string('x', size - overhead)}{newLine}{newLine}";
        using var buffers = new BufferCensus();
        int events = 0;
        using HttpClient client = _connection.CreateClient();
        using IDisposable subscription = Observable.FromSse(client, "http://test/", Never)
            .Subscribe(_ => events++, _ => { });
        Open(isChunked);

        foreach (string text in new[] { burst, "data: b\n\n", burst })
        {
            Push(isChunked, text);
            Assert.That(buffers.Bytes, Is.Zero);
        }

        Assert.That(events, Is.EqualTo(3));
        _connection.End();
    }

    /// <summary>
    /// On a stream that is otherwise idle, an event allocates no more than the handler does. Not with the
    /// netstandard2.0 build, where a read that completes at once allocates a task.
    /// </summary>
    [Test]
    [Category("NotNetStandard")]
    [ProcessWide("what the thread allocates")]
    public void FromSse_EventAfterAWait_AllocatesNothing([Values] bool hasIdleTimeout)
    {
        int received = 0;
        var options = Never with { IdleTimeout = hasIdleTimeout ? FromMinutes(1) : null };
        double ofHandler = AllocationPerPush(client => _ = ReadAsync(client));

        double ofStream = AllocationPerPush(client =>
            Observable.FromSse(client, "http://test/", e => e.Data.Length, options)
                .Subscribe(_ => received++, _ => { }));

        TestContext.Out.WriteLine($"{ofStream} bytes per event, {ofHandler} of them the handler's");
        Assert.That(received, Is.Positive);
        Assert.That(ofStream, Is.LessThan(ofHandler + 8), "nothing per event, and little per thousand");

        static async Task ReadAsync(HttpClient client)
        {
            Stream body = await client.GetStreamAsync(new Uri("http://test/")).ConfigureAwait(false);
            using var cancellation = new CancellationTokenSource();
            byte[] buffer = new byte[4096];
            int count = 1;
            while (count > 0)
            {
                count = await body.ReadAsync(Memory<byte>.Empty, cancellation.Token).ConfigureAwait(false);
                count = await body.ReadAsync(buffer, cancellation.Token).ConfigureAwait(false);
            }
        }
    }

    private static double AllocationPerPush(Action<HttpClient> read)
    {
        const int Events = 1_000;
        byte[] chunk = "event: tick\nid: 1\nretry: 5\ndata: 0123456789\n\n"u8.ToArray();
        using var connection = new PushedConnection();
        using HttpClient client = connection.CreateClient();
        read(client);
        connection.Open();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Events; i++)
            connection.Push(chunk);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        connection.End();
        return (double)allocated / Events;
    }

    private void Open(bool isChunked) =>
        _connection.Open(isChunked ? "Transfer-Encoding: chunked\r\n" : "", Body(isChunked, ":\n"));

    private void Push(bool isChunked, string text) => _connection.Push(Body(isChunked, text));

    private static string Body(bool isChunked, string text) =>
        isChunked ? $"{text.Length:x}\r\n{text}\r\n" : text;

    private sealed class PushedConnection : PushedBody
    {
        /// <summary>Creates a client with .NET's own handler, whose only connection is this one.</summary>
        public HttpClient CreateClient() => new(new SocketsHttpHandler { ConnectCallback = (_, _) => new(this) });

        /// <summary>
        /// Sends the headers when the handler waits for them on its thread, then comments until this thread reads.
        /// </summary>
        public void Open(string header = "", string comment = ":\n")
        {
            WaitForRead();
            Push($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{header}\r\n");
            WaitForRead();
            MoveReaderHere(comment);
        }

        /// <summary>Ignores the request.</summary>
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
    }
}
