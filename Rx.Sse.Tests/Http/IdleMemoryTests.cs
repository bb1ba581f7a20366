using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

internal sealed class IdleMemoryTests
{
    [Test]
    public void FromSse_FallsIdleBetweenEvents_HoldsNoArray()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler, OpenStream().Send(FromSeconds(1), "event: x\nid: 1\nda"u8).Send(FromSeconds(2), "ta: a\n\n"u8).Event(FromSeconds(4), "b"));
        using var buffers = new BufferCensus();
        int events = 0;

        using IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", null, scheduler).Subscribe(_ => events++);
        scheduler.AdvanceTo(FromSeconds(1.5).Ticks);
        Assert.That(buffers.Outstanding, Is.EqualTo(3), "what the cut line and its block have so far");
        scheduler.AdvanceTo(FromSeconds(3).Ticks);

        Assert.That(events, Is.EqualTo(1));
        Assert.That(buffers.Outstanding, Is.Zero);
    }

    /// <summary>
    /// Around the sizes of the handler's buffer and of the reads. A burst that fills its last read, as some of these
    /// do, is followed by a read with a tiny buffer.
    /// </summary>
    [Test]
    public void FromSse_FallsIdleAfterABurst_HoldsHardlyAnyArray(
        [Values(255, 256, 3_990, 4_000, 4_050, 4_095, 4_096, 4_097, 8_192, 60_000, 65_536, 69_632, 131_072)] int size,
        [Values("\n", "\r", "\r\n")] string newLine)
    {
        int overhead = "data: ".Length + 2 * newLine.Length;
        string burst = $"data: {new string('x', size - overhead)}{newLine}{newLine}";
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler, OpenStream().Send(FromSeconds(1), burst).Event(FromSeconds(4), "b").Send(FromSeconds(5), burst));
        using var buffers = new BufferCensus();
        int events = 0;

        using IDisposable subscription =
            Observable.FromSse(server.CreateClient(), "/", null, scheduler).Subscribe(_ => events++);
        scheduler.AdvanceTo(FromSeconds(3).Ticks);

        Assert.That(events, Is.EqualTo(1));
        Assert.That(buffers.Bytes, Is.LessThanOrEqualTo(256));
        scheduler.AdvanceTo(FromSeconds(6).Ticks);
        Assert.That(events, Is.EqualTo(3));
        Assert.That(buffers.Bytes, Is.LessThanOrEqualTo(256));
    }

    /// <summary>What an event costs a stream that is idle in between, beyond the event itself.</summary>
    [Test]
    [ProcessWide("what the thread allocates")]
    public void ToSseObservable_EventAfterAWait_AllocatesNothing([Values] bool hasIdleTimeout, [Values] bool takesEmptyReads)
    {
        const int Events = 1_000;
        byte[] chunk = "event: tick\nid: 1\nretry: 5\ndata: 0123456789\n\n"u8.ToArray();
        var options = new SseOptions { IdleTimeout = hasIdleTimeout ? FromMinutes(1) : null, Reconnection = SseReconnection.Never };
        Func<ValueTask<int>>? emptyRead = takesEmptyReads ? null : () => new ValueTask<int>(0);
        var body = new PushedBody { EmptyRead = emptyRead };
        using var client = new HttpClient(new OneResponse(body));
        int received = 0;
        using IDisposable subscription =
            Observable.FromSse(client, Story.Address, e => e.Data.Length, options).Subscribe(_ => received++);
        body.Push(chunk);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Events; i++)
            body.Push(chunk);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        body.End();

        TestContext.Out.WriteLine($"{(double)allocated / Events} bytes per event");
        Assert.That(received, Is.EqualTo(Events + 1));
        Assert.That(allocated, Is.LessThan(Events), "less than a byte per event");
    }

    private sealed class OneResponse(Stream body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new StreamContent(body) { Headers = { ContentType = new("text/event-stream") } };
            return Task.FromResult(new HttpResponseMessage { Content = content });
        }
    }
}
