using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>What subscribers can rely on.</summary>
internal sealed class RxContractTests
{
    private static readonly SseResponseScript Ticking =
        OpenStream().Send(FromSeconds(1), "data: a\n\ndata: b\n\n").Event(FromSeconds(2), "c");

    [Test]
    public void FromSse_SchedulersThatBlock_AreRefused()
    {
        using var client = new HttpClient();

        Assert.That(
            () => Observable.FromSse(client, Story.Address, null, Scheduler.Immediate),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("scheduler"));
        Assert.That(
            () => Observable.FromSse(client, Story.Address, null, Scheduler.CurrentThread), Throws.ArgumentException);
    }

    /// <summary>Bodies of .NET's own handler wait without a buffer; see <c>IdleMemoryTests</c>.</summary>
    [Test]
    public void FromSse_BodyOfAnotherHandler_GetsSmallReads() =>
        Assert.That(
            PendingReads(
                OpenStream()
                    .Event(FromSeconds(1), "a")
                    .Send(FromSeconds(2), new string('x', 100_000))
                    .Send(FromSeconds(3), "\n")),
            Has.Exactly(4).Items.And.All.EqualTo(4 * 1024));

    [Test]
    public void Subscribe_Twice_OpensTwoConnections()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler,
            OpenStream().Send(FromSeconds(1), "id: 1\nretry: 200\ndata: a\n\n").Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "b").Reset(FromSeconds(3)),
            OpenStream());
        using HttpClient client = server.CreateClient();
        IObservable<SseEvent> stream = Observable.FromSse(
            client, Story.Path, new SseOptions { Reconnection = Story.WithoutJitter }, scheduler);
        Assert.That(server.Requests, Is.Empty);

        ITestableObserver<SseEvent> first =
            scheduler.CreateObserver<SseEvent>(), second = scheduler.CreateObserver<SseEvent>();
        using (stream.Subscribe(first))
        using (stream.Subscribe(second))
            scheduler.AdvanceTo(FromSeconds(10).Ticks);

        // The subscriptions do not share the ID or the reconnection time.
        server.Requests.AssertEqual(
            ExpectedGet(Zero, Story.Path), ExpectedGet(Zero, Story.Path),
            ExpectedGet(FromSeconds(2.2), Story.Path, "1"), ExpectedGet(FromSeconds(6), Story.Path));
        Assert.That(first.Messages.Single().Value.Value.Data, Is.EqualTo("a"));
        Assert.That(second.Messages.Single().Value.Value.Data, Is.EqualTo("b"));
    }

    /// <summary>
    /// Subscribing again to a stream that fails at once must be a loop, and not a recursion that overflows the stack.
    /// </summary>
    [Test]
    public void Subscribe_WithinANotificationDuringSubscribe_BeginsAfterIt()
    {
        using var client = new HttpClient();
        IObservable<SseEvent> stream = Observable.FromSse(
            client, SseRequest.Create(HttpRequestMessage () => throw new InvalidOperationException()));
        List<string> seen = [];

        stream.Subscribe(_ => { }, _ =>
        {
            seen.Add("failed");
            stream.Subscribe(_ => { }, _ => seen.Add("failed again"));
            seen.Add("subscribed");
        });

        Assert.That(seen, Is.EqualTo(new[] { "failed", "subscribed", "failed again" }));
    }

    [Test]
    public void PublishRefCount_AcrossReconnects_SharesOneConnection()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler,
            OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "b"));
        using HttpClient client = server.CreateClient();
        IObservable<string> shared = Observable.FromSse(
            client, Story.Path, new SseOptions { Reconnection = Story.WithoutJitter }, scheduler)
            .Select(e => e.Data).Publish().RefCount();
        List<string> first = [], second = [];

        using (shared.Subscribe(first.Add))
        using (shared.Subscribe(second.Add))
            scheduler.AdvanceTo(FromSeconds(10).Ticks);

        Assert.That(first, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void OnNext_Throws_ComesOutOfTheSchedulerAndNeverReconnects()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Ticking);
        using HttpClient client = server.CreateClient();
        int received = 0;
        using IDisposable subscription = Observable.FromSse(client, Story.Path, null, scheduler).Subscribe(_ =>
        {
            received++;
            throw new FormatException("mine");
        });

        Assert.That(scheduler.Start, Throws.TypeOf<FormatException>().With.Message.EqualTo("mine"));

        // The exception left the scheduler in its running state.
        scheduler.Stop();
        scheduler.Start();
        Assert.That(received, Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void OnNext_ThrowsAnIOException_IsNoConnectionFailure()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Ticking);
        using HttpClient client = server.CreateClient();
        using IDisposable subscription = Observable.FromSse(client, Story.Path, null, scheduler).Subscribe(_ =>
            throw new IOException("my disk"));

        Assert.That(scheduler.Start, Throws.TypeOf<IOException>().With.Message.EqualTo("my disk"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void OnError_NotHandled_ComesOutOfTheScheduler()
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, Respond(HttpStatusCode.NotFound, time: FromSeconds(1)))
            .CreateClient();
        using IDisposable subscription = Observable.FromSse(client, Story.Path, null, scheduler).Subscribe(_ => { });

        Assert.That(scheduler.Start, Throws.TypeOf<SseResponseException>());
    }

    [Test]
    public void OnCompleted_Throws_ComesOutOfTheScheduler()
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, Respond(HttpStatusCode.NoContent, time: FromSeconds(1)))
            .CreateClient();
        using IDisposable subscription = Observable.FromSse(client, Story.Path, null, scheduler)
            .Subscribe(_ => { }, () => throw new FormatException("mine"));

        Assert.That(scheduler.Start, Throws.TypeOf<FormatException>());
    }

    [Test]
    public void FromSse_WithASynchronizationContext_StaysOnTheSchedulersThread()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        var context = new CountingContext();
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            Story story = Story.Begin(Ticking.Reset(FromSeconds(3)), Refuse(), Ticking).Until(20);

            Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 6, 12 }));
            Assert.That(context.Posts, Is.Zero);
            Assert.That(SynchronizationContext.Current, Is.SameAs(context));
            DisposalTests.AssertLeavesNothing(story);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Returns the buffer sizes of those reads of the response that have to wait.</summary>
    private static List<int> PendingReads(SseScript script)
    {
        var pending = new List<int>();
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new WatchedReads(new SseTestServer(scheduler, script), pending))
        {
            BaseAddress = SseTestServer.BaseAddress,
        };
        using IDisposable subscription = Observable.FromSse(client, Story.Path, null, scheduler).Subscribe(_ => { });
        scheduler.AdvanceTo(FromSeconds(4).Ticks);
        return pending;
    }

    /// <summary>Records the buffer size of every read of a response that has to wait.</summary>
    private sealed class WatchedReads(HttpMessageHandler server, List<int> pending) : DelegatingHandler(server)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            response.Content = new StreamContent(new WatchedStream(body, pending))
            {
                Headers = { ContentType = response.Content.Headers.ContentType },
            };
            return response;
        }
    }

    private sealed class WatchedStream(Stream body, List<int> pending) : PortableBody
    {
        protected override async ValueTask<int> ReadCoreAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            ValueTask<int> read = body.ReadAsync(buffer, cancellationToken);
            if (!read.IsCompleted)
                pending.Add(buffer.Length);
            return await read;
        }
    }

    private sealed class CountingContext : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Posts++;
            base.Post(d, state);
        }
    }
}
