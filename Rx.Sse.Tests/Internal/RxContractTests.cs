using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests.Internal;

/// <summary>What subscribers may rely on.</summary>
internal sealed class RxContractTests
{
    private static readonly Answer Ticking = Answer.Stream.Sends(1, "data: a\n\ndata: b\n\n").Sends(2, "data: c\n\n");

    [Test]
    public void Dispose_WhileConnecting_LeavesNothing()
    {
        Story story = Story.Begin(Answer.Never).Until(1);

        AssertLeavesNothing(story);
    }

    [Test]
    public void Dispose_WhileReading_LeavesNothing()
    {
        Story story = Story.Begin(Ticking).Until(1.5);

        AssertLeavesNothing(story);
        Assert.That(story.Events.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Dispose_WhileWaiting_LeavesNothing()
    {
        Story story = Story.Begin(Answer.Refused).Until(1);

        AssertLeavesNothing(story);
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dispose_WhileReadingAnErrorBody_LeavesNothing()
    {
        Story story = Story.Begin(Answer.Stream.OfType("text/plain")).Until(1);

        AssertLeavesNothing(story);
    }

    [Test]
    public void Dispose_Twice_IsTheSameAsOnce()
    {
        Story story = Story.Begin(Ticking).Until(1.5);

        story.Subscription.Dispose();
        Assert.That(story.Subscription.Dispose, Throws.Nothing);
    }

    [Test]
    public void Dispose_AfterTheEnd_DoesNothing()
    {
        Story story = Story.Begin(Answer.Response(204)).ToTheEnd();

        Assert.That(story.Subscription.Dispose, Throws.Nothing);
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(1));
    }

    [Test]
    public void Dispose_WithinOnNext_IsTheLastThatIsHeard()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Ticking);
        using var client = new HttpClient(server);
        var subscription = new SingleAssignmentDisposable();
        var received = new List<string>();

        subscription.Disposable = Observable.FromSse(client, Story.Url, null, scheduler).Subscribe(e =>
        {
            received.Add(e.Data);
            subscription.Dispose();
        });
        scheduler.Start();

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(server.Open, Is.Zero);
        Assert.That(scheduler.Clock, Is.EqualTo(TimeSpan.FromSeconds(2).Ticks), "the script's last second");
    }

    [Test]
    public void Dispose_WithinOnNextDuringSubscribe_IsTheLastThatIsHeard()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Answer.Stream.Sends(0, "data: a\n\ndata: b\n\n"));
        using var client = new HttpClient(server);

        var received = new List<string>();
        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler).Select(e => e.Data).Take(1).Subscribe(received.Add);

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(server.Open, Is.Zero);
    }

    [Test]
    public void Take_OfABodyThatIsThereAndNeverEnds_Returns()
    {
        using var client = new HttpClient(new EndlessServer());

        List<string> received = [];
        using IDisposable subscription = Observable.FromSse(client, Story.Url).Select(e => e.Data).Take(3).Subscribe(received.Add);

        Assert.That(received, Is.EqualTo(new[] { "a", "a", "a" }));
    }

    [Test]
    public void FromSse_SchedulersThatBlock_AreRefused()
    {
        using var client = new HttpClient();

        Assert.That(() => Observable.FromSse(client, Story.Url, null, Scheduler.Immediate), Throws.ArgumentException.With.Property("ParamName").EqualTo("scheduler"));
        Assert.That(() => Observable.FromSse(client, Story.Url, null, Scheduler.CurrentThread), Throws.ArgumentException);
    }

    [Test]
    public void FromSse_IdleConnection_HoldsNoBuffer()
    {
        var pending = new List<int>();
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new ScriptedServer(scheduler, Answer.Stream.Sends(1, "data: a\n\n").Sends(2, new string('x', 100_000)).Sends(3, "\n").Watched(pending.Add)));

        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler).Subscribe(_ => { });
        scheduler.AdvanceTo(TimeSpan.FromSeconds(4).Ticks);

        Assert.That(pending, Is.EqualTo(new[] { 0, 0, 0, 0 }), "the sizes of the reads that had to wait");
    }

    [Test]
    public void Subscribe_Twice_OpensTwoConnections()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(
            scheduler,
            Answer.Stream.Sends(1, "id: 1\nretry: 200\ndata: a\n\n").Breaks(2),
            Answer.Stream.Sends(1, "data: b\n\n").Breaks(3),
            Answer.Stream);
        using var client = new HttpClient(server);
        IObservable<SseEvent> stream = Observable.FromSse(client, Story.Url, new SseOptions { Reconnection = Story.WithoutJitter }, scheduler);
        Assert.That(server.Requests, Is.Empty);

        ITestableObserver<SseEvent> first = scheduler.CreateObserver<SseEvent>(), second = scheduler.CreateObserver<SseEvent>();
        using (stream.Subscribe(first))
        using (stream.Subscribe(second))
            scheduler.AdvanceTo(TimeSpan.FromSeconds(10).Ticks);

        // Neither the ID nor the reconnection time of the one is known to the other.
        Assert.That(server.Requests, Is.EqualTo(new[] { new Request(0), new Request(0), new Request(2.2, "1"), new Request(6) }));
        Assert.That(first.Messages.Single().Value.Value.Data, Is.EqualTo("a"));
        Assert.That(second.Messages.Single().Value.Value.Data, Is.EqualTo("b"));
    }

    [Test]
    public void PublishRefCount_AcrossReconnects_SharesOneConnection()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Answer.Stream.Sends(1, "data: a\n\n").Breaks(2), Answer.Stream.Sends(1, "data: b\n\n"));
        using var client = new HttpClient(server);
        IObservable<string> shared = Observable.FromSse(client, Story.Url, new SseOptions { Reconnection = Story.WithoutJitter }, scheduler)
            .Select(e => e.Data).Publish().RefCount();
        List<string> first = [], second = [];

        using (shared.Subscribe(first.Add))
        using (shared.Subscribe(second.Add))
            scheduler.AdvanceTo(TimeSpan.FromSeconds(10).Ticks);

        Assert.That(first, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(server.Open, Is.Zero);
    }

    [Test]
    public void OnNext_Throws_ComesOutOfTheSchedulerAndNeverReconnects()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Ticking);
        using var client = new HttpClient(server);
        int received = 0;
        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler).Subscribe(_ =>
        {
            received++;
            throw new FormatException("mine");
        });

        Assert.That(scheduler.Start, Throws.TypeOf<FormatException>().With.Message.EqualTo("mine"));

        // The exception left the scheduler in the state of running.
        scheduler.Stop();
        scheduler.Start();
        Assert.That(received, Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(server.Open, Is.Zero);
    }

    [Test]
    public void OnNext_ThrowsAnIOException_IsNoConnectionFailure()
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Ticking);
        using var client = new HttpClient(server);
        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler).Subscribe(_ => throw new IOException("my disk"));

        Assert.That(scheduler.Start, Throws.TypeOf<IOException>().With.Message.EqualTo("my disk"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void OnError_NotHandled_ComesOutOfTheScheduler()
    {
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new ScriptedServer(scheduler, Answer.Response(404).After(1)));
        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler).Subscribe(_ => { });

        Assert.That(scheduler.Start, Throws.TypeOf<SseResponseException>());
    }

    [Test]
    public void OnCompleted_Throws_ComesOutOfTheScheduler()
    {
        var scheduler = new TestScheduler();
        using var client = new HttpClient(new ScriptedServer(scheduler, Answer.Response(204).After(1)));
        using IDisposable subscription = Observable.FromSse(client, Story.Url, null, scheduler)
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
            Story story = Story.Begin(Ticking.Breaks(3), Answer.Refused, Ticking).Until(20);

            Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 6, 12 }));
            Assert.That(context.Posts, Is.Zero);
            Assert.That(SynchronizationContext.Current, Is.SameAs(context));
            AssertLeavesNothing(story);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static void AssertLeavesNothing(Story story)
    {
        double now = story.Now;
        int messages = story.Observer.Messages.Count;

        story.Subscription.Dispose();

        Assert.That(story.Server.Open, Is.Zero, "open connections");
        story.Server.ForgetScript();
        story.ToTheEnd();
        Assert.That(story.Now, Is.EqualTo(now), "nothing is scheduled");
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(messages), "nothing is delivered");
    }

    /// <summary>Every read of its responses brings an event at once.</summary>
    private sealed class EndlessServer : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage
            {
                Content = new StreamContent(new EndlessStream()) { Headers = { { "Content-Type", "text/event-stream" } } },
            });
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Copy(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Copy(buffer.AsSpan(offset, count)));

        private static int Copy(Span<byte> buffer)
        {
            ReadOnlySpan<byte> bytes = "data: a\n\n"u8;
            bytes = bytes[..Math.Min(bytes.Length, buffer.Length)];
            bytes.CopyTo(buffer);
            return bytes.Length;
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
