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
}
