using System.Text.Json;
using Rx.Sse.Samples.Tail;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>An event in each of the formats.</summary>
internal sealed class EventFormatTests
{
    private const string Hostile = "[red]\u001b[2J\u009b\u202e\u007f'é漢";

    private static readonly DateTimeOffset Time = new(
        2026, 1, 2, 3, 4, 5, TimeZoneInfo.Local.GetUtcOffset(new DateTime(2026, 1, 2, 3, 4, 5)));

    [Test]
    public void Pretty_OneLine_HasTimeTypeIdAndData() =>
        Assert.That(
            Text(EventFormats.Pretty, new SseEvent { Event = "order", Id = "7", Data = "tea" }),
            Is.EqualTo("03:04:05 order 7 tea"));

    [Test]
    public void Pretty_HugeType_IsShown() =>
        Assert.That(
            Text(EventFormats.Pretty, new SseEvent { Event = new string('\uFFFD', 40_000), Data = "tea" }),
            Does.EndWith("\uFFFD tea"));

    [Test]
    public void Pretty_SeveralLines_StandBelow() =>
        Assert.That(
            Text(EventFormats.Pretty, new SseEvent { Data = "a\n\nb" }),
            Is.EqualTo("03:04:05 message\n         a\n         \n         b"));

    [Test]
    public void Pretty_HostileText_IsText() =>
        Assert.That(
            Text(EventFormats.Pretty, new SseEvent { Event = Hostile, Id = Hostile, Data = Hostile }),
            Is.EqualTo("03:04:05 X X X".Replace("X", "[red]␛[2J\ufffd\ufffd␡'é漢", StringComparison.Ordinal)));

    [TestCase("a\n\"b\"\\")]
    [TestCase(Hostile)]
    public void Json_AnyText_IsOneLineThatReadsBackTheSame(string text)
    {
        string line = Text(EventFormats.Json, new SseEvent { Event = text, LastEventId = text, Data = text });

        Assert.That(line, Has.None.Matches<char>(c => char.IsControl(c) || c == '\u202e'));
        JsonElement json = JsonDocument.Parse(line).RootElement;
        Assert.That(
            json.EnumerateObject().Select(member => member.Name), Is.EqualTo(["time", "event", "lastEventId", "data"]));
        Assert.That(json.EnumerateObject().Skip(1).Select(member => member.Value.GetString()), Has.All.EqualTo(text));
        Assert.That(json.GetProperty("time").GetDateTimeOffset(), Is.EqualTo(Time));
    }

    [Test]
    public void Json_ReadableText_StaysReadable() =>
        Assert.That(Text(EventFormats.Json, new SseEvent { Data = "it's <é漢>" }), Does.EndWith("""
            "event":"message","lastEventId":"","data":"it's <é漢>"}
            """));

    [Test]
    public void Raw_ForAPipe_IsTheData() =>
        Assert.That(
            Text(EventFormats.Raw(isForTerminal: false), new SseEvent { Id = "1", Data = $"{Hostile}\n\n" }),
            Is.EqualTo($"{Hostile}\n\n"));

    [Test]
    public void Raw_ForATerminal_IsTextThatItDoesNotObey() =>
        Assert.That(
            Text(EventFormats.Raw(isForTerminal: true), new SseEvent { Data = "\u001b[2J\nb" }), Is.EqualTo("␛[2J\nb"));

    private static string Text(EventFormat format, SseEvent e) =>
        string.Concat(format(e, Time).Select(segment => segment.Text));
}
