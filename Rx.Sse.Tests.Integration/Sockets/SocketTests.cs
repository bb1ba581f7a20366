using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Polly;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>
/// Streams over real sockets. Every wait ends as soon as the expected thing happens. The time limit only catches hangs.
/// </summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class SocketTests
{
    /// <summary>Reconnects after the minimum delay.</summary>
    internal static readonly SseOptions Quick = new()
    {
        Reconnection = SseReconnection.Default with
        {
            Delay = TimeSpan.Zero,
            BackoffType = DelayBackoffType.Constant,
            UseJitter = false,
        },
    };

    [Test]
    public async Task FromSse_CutInTheMiddleOfAnEvent_ResumesWithNothingLostOrDoubled(CancellationToken hang)
    {
        const int Count = 50;
        using var received10 = new SemaphoreSlim(0);
        var ids = new ConcurrentQueue<string>();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            ids.Enqueue(context.LastEventId());
            int next = int.TryParse(context.LastEventId(), out int last) ? last + 1 : 1;
            for (int i = next; i <= Math.Min(next + 9, Count); i++)
                await context.SendAsync($"id: {i}\ndata: {i}\n\n");
            if (next + 10 > Count)
                return;
            await context.SendAsync($"id: {next + 10}\ndata: cut o");

            // Aborting discards what Kestrel has not yet handed to the socket, so wait until the events have arrived.
            await received10.WaitAsync(hang);
            context.Abort();
        });
        using var client = new HttpClient();

        IList<string> received = await Observable.FromSse(client, server.Url, Quick)
            .Take(Count).Select(e => e.Data)
            .Do(data =>
            {
                if (data.EndsWith('0'))
                    received10.Release();
            })
            .ToList().ToTask(hang);

        Assert.That(received, Is.EqualTo(Enumerable.Range(1, Count).Select(i => $"{i}")));
        Assert.That(ids, Is.EqualTo(new[] { "", "10", "20", "30", "40" }));
    }

    [Test]
    public async Task FromSse_ActivityOfTheClient_IsAChildOfTheAttempts(CancellationToken hang)
    {
        var stopped = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Rx.Sse" or "System.Net.Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using SocketServer server = await SocketServer.StartAsync(context => context.SendAsync("data: a\n\n"));
        using var client = new HttpClient();

        await Observable.FromSse(client, server.Url, Quick).Take(1).ToTask(hang);

        // On .NET 8, activities of the client have no tags.
        object port = new Uri(server.Url).Port;
        Activity[] ours =
            [.. stopped.Where(activity => port.Equals((activity.Parent ?? activity).GetTagItem("server.port")))];
        Assert.That(ours.Select(activity => activity.Source.Name), Is.EqualTo(new[] { "System.Net.Http", "Rx.Sse" }));
        Assert.That(ours[0].Parent, Is.SameAs(ours[1]));
    }

    [Test]
    public async Task FromSse_NoServer_FailsWithTheNetworkError(CancellationToken hang)
    {
        string url = $"http://127.0.0.1:{ReservedPorts.Next()}";
        using var client = new HttpClient();

        Task<Exception?> failure = Observable
            .FromSse(client, url, new SseOptions { Reconnection = SseReconnection.Never })
            .Materialize().Select(n => n.Exception).ToTask(hang);

        Assert.That(
            await failure, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task Take_WithinOnNext_ClosesTheConnectionAtOnce([Values] bool http2, CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\ndata: b\n\n");
            await context.UntilAbortedAsync();
        });

        // By default, this handler would keep the connection open to drain the rest of the response.
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ResponseDrainTimeout = Timeout.InfiniteTimeSpan,
            MaxResponseDrainSize = int.MaxValue,
        });

        SseEvent first = await Observable.FromSse(client, Get(server, http2)).Take(1).ToTask(hang);

        Assert.That(first.Data, Is.EqualTo("a"));
        await server.Requests.ZeroAsync(hang);
    }

    [Test]
    public async Task Dispose_WhileReading_ClosesTheConnection(CancellationToken hang)
    {
        var opened = new TaskCompletionSource();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync(": hello\n");
            opened.SetResult();
            await context.UntilAbortedAsync();
        });
        using var client = new HttpClient();

        IDisposable subscription = Observable.FromSse(client, server.Url).Subscribe(_ => { });
        await opened.Task.WaitAsync(hang);
        subscription.Dispose();

        await server.Requests.ZeroAsync(hang);
    }

    [Test]
    public async Task Dispose_WhileAnObserverIsBusy_ClosesTheConnectionWhenItReturns(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
        });
        using var client = new HttpClient();

        // Not disposed of, because the observer may start to wait after the end of the test.
        var goOn = new ManualResetEventSlim();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        IDisposable subscription = Observable.FromSse(client, server.Url).Subscribe(_ =>
        {
            busy.SetResult();
            goOn.Wait(hang);
        });
        await busy.Task.WaitAsync(hang);
        subscription.Dispose();
        goOn.Set();

        await server.Requests.ZeroAsync(hang);
    }

    [Test]
    public async Task FromSse_StreamOutlivesTheClientsTimeout_GoesOn(CancellationToken hang)
    {
        var goOn = new TaskCompletionSource();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await goOn.Task;
            await context.SendAsync("data: b\n\n");
            await context.UntilAbortedAsync();
        });
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };

        // If the machine is too slow to receive the headers in time, the client connects again. A stream that is cut
        // would start again with "a".
        Task<IList<SseEvent>> received = Observable.FromSse(client, server.Url, Quick)
            .Do(e =>
            {
                if (e.Data == "a")
                    _ = Observable.Timer(client.Timeout + TimeSpan.FromSeconds(1)).Subscribe(_ => goOn.TrySetResult());
            })
            .Take(2).ToList().ToTask(hang);

        Assert.That((await received).Select(e => e.Data), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task FromSse_NoHeadersWithinTheClientsTimeout_IsATimeoutNotACancellation(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context => context.UntilAbortedAsync());
        using var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(200) };

        Exception? error = await Observable
            .FromSse(client, server.Url, new SseOptions { Reconnection = SseReconnection.Never })
            .Materialize().Select(n => n.Exception).ToTask(hang);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<TimeoutException>());
    }

    [Test]
    public async Task LastEventId_NotAscii_ArrivesInUtf8([Values] bool http2, CancellationToken hang)
    {
        using var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });

        Assert.That(await IdsOfTwoConnections(client, http2, hang), Is.EqualTo(new[] { "", "é漢𝄞" }));
    }

    [Test]
    public async Task LastEventId_NotAsciiAndHandlerNotConfigured_IsLeftOut(
        [Values] bool http2, CancellationToken hang)
    {
        using var client = new HttpClient();

        Assert.That(await IdsOfTwoConnections(client, http2, hang), Is.EqualTo(new[] { "", "" }));
    }

    private static SseRequest Get(SocketServer server, bool http2) => SseRequest.Create(() =>
        new HttpRequestMessage(HttpMethod.Get, http2 ? server.Http2Url : server.Url)
        {
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });

    private static async Task<IEnumerable<string>> IdsOfTwoConnections(
        HttpClient client, bool http2, CancellationToken hang)
    {
        var ids = new ConcurrentQueue<string>();
        using var received = new SemaphoreSlim(0);
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            ids.Enqueue(context.LastEventId());
            await context.SendAsync("id: é漢𝄞\ndata: a\n\n");
            await received.WaitAsync(hang);
            context.Abort();
        });

        await Observable.FromSse(client, Get(server, http2), Quick).Do(_ => received.Release()).Take(2).ToTask(hang);
        return ids;
    }
}
