using Rx.Sse.Samples;
using Rx.Sse.Samples.Tail.Output;
using static System.TimeSpan;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>The text of the status line.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class StatusTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, Zero);
    private static readonly SseDisconnected Lost =
        new() { Reason = new SseEndOfStreamException(), Delay = FromSeconds(3), Attempt = 1 };

    private readonly Status _status = new();

    [Test]
    public void At_Connecting_NamesTheAddress()
    {
        _status.Add(new SseConnecting { Address = new Uri("http://localhost/a") }, Start);

        Assert.That(Words(Zero), Is.EqualTo("connecting to http://localhost/a"));
    }

    [TestCase(0, "reconnecting in 3 s")]
    [TestCase(1, "reconnecting in 2 s")]
    [TestCase(2.5, "reconnecting in 1 s")]
    [TestCase(3, "reconnecting in 1 s")]
    public void At_Reconnecting_CountsDownAndSaysWhy(double seconds, string expected)
    {
        _status.Add(Lost, Start);

        Assert.That(Words(FromSeconds(seconds)), Is.EqualTo($"{expected} because the server ended the event stream"));
    }

    [Test]
    public void At_ReconnectingWithoutDelay_NamesNone()
    {
        _status.Add(Lost with { Delay = null }, Start);

        Assert.That(Words(Zero), Does.StartWith("reconnecting because"));
    }

    [Test]
    public void At_Live_CountsTheEventsOfTheLastFiveSeconds()
    {
        _status.Add(new SseOpened(), Start);
        for (int i = 1; i <= 10; i++)
            _status.Add(new SseEvent { Data = "", LastEventId = $"{i}" }, Start + FromSeconds(i));

        Assert.That(Words(FromSeconds(10)), Is.EqualTo("live 1.0 events/s, 10 so far, last ID 10"));
        Assert.That(Words(FromSeconds(12.5)), Is.EqualTo("live 0.6 events/s, 10 so far, last ID 10"));
        Assert.That(Words(FromSeconds(60)), Is.EqualTo("live 0.0 events/s, 10 so far, last ID 10"));
    }

    [Test]
    public void At_FirstSeconds_CountsNoTimeBeforeTheFirstEvent()
    {
        _status.Add(new SseOpened(), Start);
        for (int i = 0; i < 4; i++)
            _status.Add(new SseEvent { Data = "" }, Start + FromHours(1) + FromSeconds(i / 2.0));

        Assert.That(Words(FromHours(1) + FromSeconds(2)), Is.EqualTo("live 2.0 events/s, 4 so far"));
    }

    [Test]
    public void At_ClockSetBack_CountsFromThere()
    {
        _status.Add(new SseOpened(), Start);
        _status.Add(new SseEvent { Data = "" }, Start);
        _status.Add(new SseEvent { Data = "" }, Start - FromHours(1));

        Assert.That(Words(-FromHours(1)), Is.EqualTo("live 1.0 events/s, 2 so far"));
    }

    [Test]
    public void At_Comment_ChangesNothing()
    {
        _status.Add(Lost, Start);
        _status.Add(new SseComment { Text = "" }, Start);

        Assert.That(Words(Zero), Does.StartWith("reconnecting"));
    }

    private string Words(TimeSpan passed)
    {
        StatusText text = _status.At(Start + passed);
        return $"{text.State} {text.Details}";
    }
}
