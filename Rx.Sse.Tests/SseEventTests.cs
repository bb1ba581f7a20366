namespace Rx.Sse.Tests;

internal sealed class SseEventTests
{
    [TestCase(null, "message")]
    [TestCase("", "message")]
    [TestCase("done", "done")]
    public void EventType_IsTheEventOrMessage(string? value, string expected) =>
        Assert.That(new SseEvent { Event = value }.EventType, Is.EqualTo(expected));

    [Test]
    public void Equals_IsByValue()
    {
        SseEvent one = Make(), same = Make();

        Assert.That(one, Is.EqualTo(same));
        Assert.That(one with { Data = "x" }, Is.Not.EqualTo(same));
        Assert.That(one with { LastEventId = "x" }, Is.Not.EqualTo(same));

        static SseEvent Make() => new() { Event = "a", Data = "b", Id = "c", Retry = TimeSpan.FromSeconds(1), LastEventId = "c" };
    }

    /// <summary>However an event is made, it says what went in.</summary>
    [Test]
    public void Properties_AnyCombination_AreWhatTheyWereSetTo(
        [Values(null, "", "7", "x")] string? id, [Values("", "7", "y")] string last, [Values(null, 0, 5)] int? seconds)
    {
        TimeSpan? retry = seconds is { } value ? TimeSpan.FromSeconds(value) : null;
        SseEvent[] all =
        [
            new() { Id = id, LastEventId = last, Retry = retry },
            new() { Retry = retry, LastEventId = last, Id = id },
            new() { LastEventId = last, Retry = retry, Id = id },
            new SseEvent { Id = "z", LastEventId = "z", Retry = TimeSpan.FromSeconds(9) } with { Id = id, LastEventId = last, Retry = retry },
            new SseEvent(null, "", NumericId.Pack("42"u8), isOwnId: true) with { Id = id, LastEventId = last, Retry = retry },
            new SseEvent(null, "", NumericId.Pack("42"u8), isOwnId: false) with { Retry = retry, LastEventId = last, Id = id },
            new SseEvent(null, "", "z", isOwnId: true) with { Retry = retry, Id = id, LastEventId = last },
        ];

        Assert.Multiple(() =>
        {
            foreach (SseEvent e in all)
            {
                Assert.That((e.Id, e.LastEventId, e.Retry), Is.EqualTo((id, last, retry)));
                Assert.That(e, Is.EqualTo(all[0]));
                Assert.That(e.GetHashCode(), Is.EqualTo(all[0].GetHashCode()));
            }
        });
    }

    [Test]
    public void LastEventId_OfANumber_IsMadeOnceWhenAskedFor([Values] bool isOwn)
    {
        var e = new SseEvent("a", "b", NumericId.Pack("007"u8), isOwn);
        SseEvent copy = e with { Data = "c" }, withRetry = e with { Retry = TimeSpan.Zero };

        Assert.That(e, Is.EqualTo(new SseEvent { Event = "a", Data = "b", Id = isOwn ? "007" : null, LastEventId = "007" }));
        string first = e.LastEventId;
        Assert.That(e.LastEventId, Is.SameAs(first));
        Assert.That(e.Id, isOwn ? Is.SameAs(first) : Is.Null);
        Assert.That((copy.LastEventId, copy.Retry), Is.EqualTo(("007", (TimeSpan?)null)));
        Assert.That((withRetry.Id, withRetry.LastEventId, withRetry.Retry), Is.EqualTo((e.Id, "007", TimeSpan.Zero)));
    }

    [Test]
    public void Equals_OneFieldDiffers_IsNotEqual()
    {
        var e = new SseEvent { Event = "a", Data = "b", Id = "c", Retry = TimeSpan.Zero, LastEventId = "c" };

        SseEvent[] others = [e with { Event = null }, e with { Data = "" }, e with { Id = null }, e with { Retry = null }, e with { LastEventId = "" }];

        Assert.That(others, Has.None.EqualTo(e));
        Assert.That(e.Equals(null), Is.False);
    }

    [Test]
    public void Retry_Negative_Throws() =>
        Assert.That(() => new SseEvent { Retry = TimeSpan.FromTicks(-1) }, Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void LastEventId_SetToNull_IsNone([Values(null, 5)] int? seconds)
    {
        TimeSpan? retry = seconds is { } value ? TimeSpan.FromSeconds(value) : null;

        Assert.That(new SseEvent { Retry = retry, LastEventId = null! }, Is.EqualTo(new SseEvent { Retry = retry }));
        Assert.That(new SseEvent { LastEventId = null!, Id = "5", Retry = retry }, Is.EqualTo(new SseEvent { Id = "5", Retry = retry }));
    }
}
