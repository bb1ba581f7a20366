using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests.Http;

internal sealed class IdleTimeoutTests
{
    private static readonly SseOptions TenSeconds = new()
    {
        IdleTimeout = TimeSpan.FromSeconds(10),
        Reconnection = Story.WithoutJitter,
    };

    [Test]
    public void IdleTimeout_SilentServer_Reconnects()
    {
        Story story = Story.Begin(TenSeconds, Answer.Stream.Sends(4, "data: a\n\n"), Answer.Stream).Until(17.5);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 17 }));
        Assert.That(story.Server.Open, Is.EqualTo(1));
    }

    [Test]
    public void IdleTimeout_NoRetry_FailsAtTheTick()
    {
        Story story = Story.Begin(TenSeconds with { Reconnection = SseReconnection.Never }, Answer.Stream).ToTheEnd();

        Assert.That(story.EndTime, Is.EqualTo(10));
        Assert.That(story.Error, Is.TypeOf<SseIdleTimeoutException>().With.Property("IdleTimeout").EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(story.Server.Open, Is.Zero);
    }

    [Test]
    public void IdleTimeout_AnyByte_CountsAsLife()
    {
        Story story = Story.Begin(
            TenSeconds with { Reconnection = SseReconnection.Never },
            Answer.Stream.Sends(9, ":").Sends(18, "x").Sends(27, "\n").Sends(36, ": hello\n")).ToTheEnd();

        Assert.That(story.EndTime, Is.EqualTo(46));
    }

    [Test]
    public void IdleTimeout_SlowObserver_IsNoSilentServer()
    {
        var scheduler = new Microsoft.Reactive.Testing.TestScheduler();
        using var client = new HttpClient(new ScriptedServer(scheduler, Answer.Stream.Sends(5, "data: a\n\n").Sends(20, "data: b\n\n")));
        var received = new List<double>();
        Exception? error = null;

        using IDisposable subscription = System.Reactive.Linq.Observable
            .FromSse(client, Story.Url, TenSeconds with { Reconnection = SseReconnection.Never }, scheduler)
            .Subscribe(
                _ =>
                {
                    received.Add(TimeSpan.FromTicks(scheduler.Clock).TotalSeconds);
                    if (received.Count == 1)
                        scheduler.Sleep(TimeSpan.FromSeconds(14).Ticks);
                },
                e => error = e);
        scheduler.Start();

        // Busy from 5 to 19: the timeout that was due at 15 finds nobody waiting.
        Assert.That(received, Is.EqualTo(new[] { 5.0, 20.0 }));
        Assert.That(error, Is.TypeOf<SseIdleTimeoutException>());
        Assert.That(scheduler.Clock, Is.EqualTo(TimeSpan.FromSeconds(30).Ticks));
    }

    [Test]
    public void IdleTimeout_Disposed_LeavesNothingScheduled()
    {
        Story story = Story.Begin(TenSeconds, Answer.Stream.Sends(4, "data: a\n\n")).Until(5);

        story.Subscription.Dispose();
        story.ToTheEnd();

        Assert.That(story.Now, Is.EqualTo(5));
        Assert.That(story.Server.Open, Is.Zero);
    }
}
