using Microsoft.Reactive.Testing;
using Rx.Sse.Reconnection;
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
        var scheduler = new TestScheduler();
        var body = new ScriptedStream(_ => { });
        Exception? error = null;
        using IDisposable subscription = body.ToSseObservable(TenSeconds, scheduler).Subscribe(
            _ => scheduler.AdvanceBy(TimeSpan.FromSeconds(25).Ticks),
            e => error = e);

        // Sent by the test itself and not on the scheduler, so that its timers run out while the observer is at work.
        using (NoSynchronizationContext.Enter())
            body.Send("data: a\n\n"u8.ToArray());
        Assert.That(error, Is.Null);

        scheduler.AdvanceBy(TimeSpan.FromSeconds(10).Ticks - 1);
        Assert.That(error, Is.Null);
        scheduler.AdvanceBy(1);
        Assert.That(error, Is.TypeOf<SseIdleTimeoutException>());
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
