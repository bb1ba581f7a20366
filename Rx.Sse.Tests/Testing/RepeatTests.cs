using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>A step of a script that is sent repeatedly.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RepeatTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Repeat_StepsAroundIt_ComeInOrderAndStartEnds()
    {
        List<(TimeSpan Time, string Text)> received = Receive(
            OpenStream()
                .Comment(FromSeconds(15), "alive").Repeat(every: FromSeconds(15), until: FromMinutes(1))
                .Event(FromMinutes(1), "a").Repeat(every: FromSeconds(2), until: FromSeconds(64.5))
                .Close(FromMinutes(2)));

        _scheduler.Start();

        Assert.That(received, Is.EqualTo(new[]
        {
            (FromSeconds(15), "alive"), (FromSeconds(30), "alive"), (FromSeconds(45), "alive"),
            (FromSeconds(60), "a"), (FromSeconds(62), "a"), (FromSeconds(64), "a"),
        }));
        Assert.That(_scheduler.Clock, Is.EqualTo(FromMinutes(2).Ticks));
    }

    [Test]
    public void Repeat_AsTheLastStep_EndsAndLeavesTheConnectionOpen()
    {
        List<(TimeSpan Time, string Text)> received = Receive(
            OpenStream().Event(Zero, "a").Repeat(every: FromTicks(1), until: FromTicks(1_000)));

        _scheduler.Start();

        Assert.That(received, Has.Count.EqualTo(1_000));
        Assert.That(_scheduler.Clock, Is.EqualTo(999));
    }

    [Test]
    public void Repeat_ForAThousandYears_TakesNoMemoryInAdvance()
    {
        SseScript script = OpenStream().Comment(Zero).Repeat(every: FromTicks(1), until: FromDays(365_250));
        List<(TimeSpan Time, string Text)> received = Receive(script);

        _scheduler.AdvanceTo(9);

        Assert.That(received, Has.Count.EqualTo(10));
    }

    [Test]
    public void Repeat_ClientLeaves_LeavesNothingOnTheScheduler()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "a").Repeat(every: FromSeconds(1), until: FromDays(1)));

        Observable.FromSse(server.CreateClient(), "/", null, _scheduler).Take(3).Subscribe();
        _scheduler.Start();

        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(3).Ticks));
        server.Connections.AssertEqual(ExpectedConnection(Zero, FromSeconds(3), SseClosedBy.Client));
    }

    [Test]
    public void Repeat_InChunks_CutsEveryRepetition()
    {
        List<(TimeSpan Time, string Text)> received = Receive(
            OpenStream().InChunksOf(1).Event(Zero, "日").Repeat(every: FromSeconds(1), until: FromSeconds(2)));

        _scheduler.Start();

        Assert.That(received, Is.EqualTo(new[] { (Zero, "日"), (FromSeconds(1), "日") }));
    }

    [Test]
    public void Repeat_ScriptThatItIsAddedTo_StaysAsItWas()
    {
        SseResponseScript once = OpenStream().Event(Zero, "a");
        once.Repeat(every: FromSeconds(1), until: FromMinutes(1));
        List<(TimeSpan Time, string Text)> received = Receive(once);

        _scheduler.Start();

        Assert.That(received, Has.Count.EqualTo(1));
    }

    [Test]
    public void Repeat_NothingToRepeat_IsRefused()
    {
        Assert.That(
            () => OpenStream().Repeat(FromSeconds(1), FromSeconds(2)),
            Throws.InvalidOperationException.With.Message.Contains("Repeat follows"));
        Assert.That(
            () => OpenStream()
                .Comment(Zero)
                .Repeat(FromSeconds(1), FromSeconds(2))
                .Repeat(FromSeconds(1), FromSeconds(3)),
            Throws.InvalidOperationException.With.Message.Contains("Repeat follows"));
    }

    [Test]
    public void Repeat_TimesThatCannotBe_AreRefused()
    {
        SseResponseScript script = OpenStream().Comment(FromSeconds(1));

        Assert.That(() => script.Repeat(Zero, FromSeconds(2)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => script.Repeat(FromSeconds(1), FromSeconds(1)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => script.Repeat(FromSeconds(1), MaxValue), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => script.Repeat(FromSeconds(1), FromSeconds(9)).Close(FromSeconds(8)),
            Throws.ArgumentException.With.Message.Contains("cannot follow one at 00:00:09"));
    }

    [Test]
    public void Repeat_IntervalLongerThanTheTimeLeft_SendsOnce()
    {
        List<(TimeSpan Time, string Text)> received = Receive(
            OpenStream().Event(FromSeconds(1), "a").Repeat(every: MaxValue, until: FromSeconds(2)));

        _scheduler.Start();

        Assert.That(received, Is.EqualTo(new[] { (FromSeconds(1), "a") }));
    }

    /// <summary>Returns what a subscriber receives: comments and the data of events, with their times.</summary>
    private List<(TimeSpan Time, string Text)> Receive(SseScript script)
    {
        List<(TimeSpan, string)> received = [];
        var options = new SseOptions { Reconnection = SseReconnection.Never };
        Observable.FromSseSignals(new SseTestServer(_scheduler, script).CreateClient(), "/", options, _scheduler)
            .Subscribe(signal =>
        {
            if (signal is SseComment comment)
                received.Add((FromTicks(_scheduler.Clock), comment.Text));
            if (signal is SseEvent e)
                received.Add((FromTicks(_scheduler.Clock), e.Data));
        });
        return received;
    }
}
