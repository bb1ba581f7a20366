using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests.Internal;

/// <summary>What subscribers may rely on.</summary>
internal sealed class RxContractTests
{
    private static readonly Answer Ticking = Answer.Stream.Sends(1, "data: a\n\ndata: b\n\n").Sends(2, "data: c\n\n");

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
            DisposalTests.AssertLeavesNothing(story);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
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
