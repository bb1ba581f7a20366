using System.IO.Compression;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using System.Text;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>The server flushes the compressed body after each event, and the client decompresses it.</summary>
[CancelAfter(60_000)]
internal sealed class CompressionTests
{
    private const int Events = 200;

    private static readonly string[] Encodings = ["gzip", "br", "deflate"];

    /// <summary>
    /// The numbers of the events after which the connection breaks or the compressed data are corrupted, before the
    /// next event is complete.
    /// </summary>
    private static readonly int[] Cuts = [1, 50, 97, 150];

    private readonly BehaviorSubject<int> _received = new(0);

    /// <summary>How a response stops in the middle.</summary>
    public enum Stop
    {
        Abort,
        EndWithoutTrailer,
        Garbage,
    }

    [Test]
    public async Task FromSse_CompressedBody_DeliversEachEventBeforeTheNextIsSent(
        [ValueSource(nameof(Encodings))] string encoding, [Values] bool http2, CancellationToken hang)
    {
        SignalLog log = await RunAsync(encoding, http2, [], default, hang);

        Assert.That(log.Data, Is.EqualTo(Enumerable.Range(1, Events).Select(number => ReplayLog.DataOf(number))));
        Assert.That(log.All<SseOpened>().Count(), Is.EqualTo(1));
    }

    /// <summary>The client would otherwise keep the connection open to drain the rest of the response.</summary>
    [Test]
    public async Task Dispose_CompressedBody_ClosesTheConnectionAtOnce(
        [ValueSource(nameof(Encodings))] string encoding, [Values] bool inEvent, CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.ContentEncoding = encoding;
            await using Stream compressed = Compress(encoding, context.Response.Body);
            await compressed.WriteAsync("data: a\n\n"u8.ToArray(), hang);
            await compressed.FlushAsync(hang);
            await context.UntilAbortedAsync();
        });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ResponseDrainTimeout = Timeout.InfiniteTimeSpan,
            MaxResponseDrainSize = int.MaxValue,
        });

        await Observable.FromSseSignals(client, server.Url)
            .FirstAsync(signal => inEvent ? signal is SseEvent : signal is SseOpened).ToTask(hang);

        await server.Requests.ZeroAsync(hang);
    }

    [Test]
    public async Task FromSse_CompressedBodyStopsInsideAnEvent_ResumesAfterWhatCameWhole(
        [ValueSource(nameof(Encodings))] string encoding,
        [Values] bool http2,
        [Values] Stop stop,
        CancellationToken hang)
    {
        SignalLog log = await RunAsync(encoding, http2, Cuts, stop, hang);

        TestContext.Out.WriteLine(string.Join(", ", log.Losses));
        Assert.That(log.Data, Is.EqualTo(Enumerable.Range(1, Events).Select(number => ReplayLog.DataOf(number))));
        Assert.That(
            log.All<SseConnecting>().Select(connecting => connecting.LastEventId),
            Is.EqualTo(Cuts.Select(cut => $"{cut}").Prepend("").Append($"{Events}")));
    }

    private async Task<SignalLog> RunAsync(string encoding, bool http2, int[] cuts, Stop stop, CancellationToken hang)
    {
        _received.OnNext(0);
        await using SocketServer server = await SocketServer.StartAsync(
            context => AnswerAsync(context, encoding, cuts, stop));
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All });
        IObservable<SseSignal> stream = Observable
            .FromSseSignals(client, StreamClient.Get(server.UrlFor(http2), http2), FaultStory.Quick)
            .Do(signal =>
            {
                if (signal is SseEvent)
                    _received.OnNext(_received.Value + 1);
            });
        return await SignalLog.OfAsync(stream, hang);
    }

    private async Task AnswerAsync(HttpContext context, string encoding, int[] cuts, Stop stop)
    {
        int last = int.TryParse(context.LastEventId(), out int id) ? id : 0;
        if (last == Events)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.ContentEncoding = encoding;
        Stream compressed = Compress(encoding, context.Response.Body);
        while (last < Events)
        {
            byte[] block = Encoding.UTF8.GetBytes(ReplayLog.BlockOf(++last));
            bool isCut = cuts.Contains(last - 1) && id < last - 1;
            await compressed.WriteAsync(block.AsMemory(..(isCut ? block.Length / 2 : block.Length)));
            await compressed.FlushAsync();
            if (isCut)
            {
                await StopAsync(context, stop);
                return;
            }

            await _received.FirstAsync(received => received >= last).ToTask();
        }

        await compressed.DisposeAsync();
    }

    private static async Task StopAsync(HttpContext context, Stop stop)
    {
        if (stop == Stop.Abort)
            context.Abort();
        else if (stop == Stop.Garbage)
            await context.Response.Body.WriteAsync(Enumerable.Repeat((byte)0xFF, 100).ToArray());
    }

    private static Stream Compress(string encoding, Stream body) => encoding switch
    {
        "gzip" => new GZipStream(body, CompressionLevel.Optimal, leaveOpen: true),
        "br" => new BrotliStream(body, CompressionLevel.Optimal, leaveOpen: true),
        _ => new ZLibStream(body, CompressionLevel.Optimal, leaveOpen: true),
    };
}
