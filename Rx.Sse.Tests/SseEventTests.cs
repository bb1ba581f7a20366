using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rx.Sse.Tests;

[JsonSerializable(typeof(SseEvent))]
internal sealed partial class EventJson : JsonSerializerContext;

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

        static SseEvent Make() =>
            new() { Event = "a", Data = "b", Id = "c", Retry = TimeSpan.FromSeconds(1), LastEventId = "c" };
    }

    /// <summary>However an event is created, its properties have the values that were set.</summary>
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
            new SseEvent { Id = "z", LastEventId = "z", Retry = TimeSpan.FromSeconds(9) } with
            {
                Id = id,
                LastEventId = last,
                Retry = retry,
            },
            new SseEvent { Id = "42" } with { Id = id, LastEventId = last, Retry = retry },
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
    public void LastEventId_NotSet_IsTheIdInAnyOrderOfInitializers()
    {
        Assert.That(new SseEvent { Id = "5" }.LastEventId, Is.EqualTo("5"));
        Assert.That((new SseEvent { Id = "5" } with { Id = "6" }).LastEventId, Is.EqualTo("6"));
        Assert.That((new SseEvent { Id = "5" } with { Id = null }).LastEventId, Is.Empty);
        Assert.That(new SseEvent { LastEventId = "4", Id = "5" }.LastEventId, Is.EqualTo("4"));
        Assert.That(new SseEvent { Id = "5", LastEventId = "" }.LastEventId, Is.Empty);
        Assert.That(new SseEvent { Id = "5" }, Is.EqualTo(new SseEvent { Id = "5", LastEventId = "5" }));
        Assert.That(
            new SseEvent { Id = "5" }.GetHashCode(),
            Is.EqualTo(new SseEvent { Id = "5", LastEventId = "5" }.GetHashCode()));
    }

    [Test]
    public void Data_SetToNull_IsEmpty() => Assert.That(new SseEvent { Data = null! }, Is.EqualTo(new SseEvent()));

    [Test]
    public void Equals_OneFieldDiffers_IsNotEqual()
    {
        var e = new SseEvent { Event = "a", Data = "b", Id = "c", Retry = TimeSpan.Zero, LastEventId = "c" };

        SseEvent[] others =
            [
                e with { Event = null }, e with { Data = "" }, e with { Id = null }, e with { Retry = null },
                e with { LastEventId = "" },
            ];

        Assert.That(others, Has.None.EqualTo(e));
        Assert.That(e.Equals(null), Is.False);
    }

    [Test]
    public void Retry_Negative_Throws() =>
        Assert.That(
            () => new SseEvent { Retry = TimeSpan.FromTicks(-1) }, Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase("{}", null, "", null, "")]
    [TestCase("""{"Data":null,"LastEventId":null,"Id":"5"}""", null, "", "5", "5")]
    [TestCase("""{"LastEventId":"4","Id":"5","Data":"b","Event":"a"}""", "a", "b", "5", "4")]
    [TestCase("""{"Id":"5","LastEventId":"4","EventType":"x"}""", null, "", "5", "4")]
    public void SseEvent_Json_IsReadLikeInitializers(string json, string? type, string data, string? id, string last)
    {
        SseEvent e = JsonSerializer.Deserialize(json, EventJson.Default.SseEvent)!;

        Assert.That((e.Event, e.Data, e.Id, e.LastEventId), Is.EqualTo((type, data, id, last)));
    }

    [Test]
    public void SseEvent_WrittenAsJsonAndRead_IsTheSame([Values(null, "", "7")] string? id, [Values] bool hasRetry)
    {
        var e = new SseEvent { Event = "x", Data = "a\nb", Id = id, Retry = hasRetry ? TimeSpan.FromSeconds(1) : null };
        SseEvent[] all = [e, e with { LastEventId = "9" }, new SseEvent()];

        IEnumerable<string> json = all.Select(one => JsonSerializer.Serialize(one, EventJson.Default.SseEvent));
        SseEvent?[] read = [.. json.Select(text => JsonSerializer.Deserialize(text, EventJson.Default.SseEvent))];

        Assert.That(read, Is.EqualTo(all));
    }

    [Test]
    public void LastEventId_SetToNull_IsTheId()
    {
        Assert.That(new SseEvent { LastEventId = null! }, Is.EqualTo(new SseEvent()));
        Assert.That(
            (new SseEvent { LastEventId = "4", Id = "5" } with { LastEventId = null! }).LastEventId, Is.EqualTo("5"));
        Assert.That((new SseEvent { LastEventId = "4" } with { Id = "5" }).LastEventId, Is.EqualTo("4"));
        Assert.That(new SseEvent { LastEventId = null!, Id = "5" }, Is.EqualTo(new SseEvent { Id = "5" }));
    }
}
