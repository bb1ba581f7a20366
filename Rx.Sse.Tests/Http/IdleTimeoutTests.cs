using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

internal sealed class IdleTimeoutTests
{
    private static readonly SseOptions TenSeconds = new()
    {
        IdleTimeout = FromSeconds(10),
        Reconnection = Story.WithoutJitter,
    };

    [Test]
    public void IdleTimeout_SilentServer_Reconnects()
    {
        Story story = Story.Begin(TenSeconds, OpenStream().Event(FromSeconds(4), "a"), OpenStream()).Until(17.5);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 17 }));
        Assert.That(story.Server.OpenConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public void IdleTimeout_NoRetry_FailsAtTheTick()
    {
        Story story = Story.Begin(TenSeconds with { Reconnection = SseReconnection.Never }, OpenStream()).ToTheEnd();

        Assert.That(story.EndTime, Is.EqualTo(10));
        Assert.That(
            story.Error, Is.TypeOf<SseIdleTimeoutException>().With.Property("IdleTimeout").EqualTo(FromSeconds(10)));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void IdleTimeout_AnyByte_CountsAsLife()
    {
        Story story = Story.Begin(
            TenSeconds with { Reconnection = SseReconnection.Never },
            OpenStream().Send(FromSeconds(9), ":").Send(FromSeconds(18), "x").Send(FromSeconds(27), "\n").Comment(
                FromSeconds(36), " hello")).ToTheEnd();

        Assert.That(story.EndTime, Is.EqualTo(46));
    }

    [Test]
    public void IdleTimeout_SlowObserver_IsNoSilentServer()
    {
        var scheduler = new TestScheduler();
        using HttpClient client = new SseTestServer(scheduler, OpenStream().Event(Zero, "a")).CreateClient();
        Exception? error = null;

        // The event arrives during Subscribe and not on the scheduler, so that the scheduler's timers can expire while
        // the observer is busy.
        using IDisposable subscription = Observable
            .FromSse(client, Story.Path, TenSeconds with { Reconnection = SseReconnection.Never }, scheduler)
            .Subscribe(_ => scheduler.AdvanceBy(FromSeconds(25).Ticks), e => error = e);
        Assert.That(scheduler.Clock, Is.EqualTo(FromSeconds(25).Ticks));
        Assert.That(error, Is.Null);

        scheduler.AdvanceBy(FromSeconds(10).Ticks - 1);
        Assert.That(error, Is.Null);
        scheduler.AdvanceBy(1);
        Assert.That(error, Is.TypeOf<SseIdleTimeoutException>());
    }

    [Test]
    public void IdleTimeout_Disposed_LeavesNothingScheduled()
    {
        Story story = Story.Begin(TenSeconds, OpenStream().Event(FromSeconds(4), "a")).Until(5);

        story.Subscription.Dispose();
        story.ToTheEnd();

        Assert.That(story.Now, Is.EqualTo(5));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }
}
