using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Every rule, with every kind of line end and several ways to cut. In the inputs, LF stands for the line end.
/// </summary>
[TestFixture("\n", 1)]
[TestFixture("\n", 2)]
[TestFixture("\n", 3)]
[TestFixture("\n", int.MaxValue)]
[TestFixture("\r", 1)]
[TestFixture("\r", 2)]
[TestFixture("\r", 3)]
[TestFixture("\r", int.MaxValue)]
[TestFixture("\r\n", 1)]
[TestFixture("\r\n", 2)]
[TestFixture("\r\n", 3)]
[TestFixture("\r\n", int.MaxValue)]
internal sealed class SseParserTests(string newLine, int chunkSize)
{
    [Test]
    public void Feed_DataLine_IsTheEvent() =>
        AssertEvents("data: hello\n\n", new SseEvent { Data = "hello" });

    [Test]
    public void Feed_AllFields_AreTheEvent() =>
        AssertEvents(
            "event: tick\nid: 7\nretry: 1500\ndata: x\n\n",
            new SseEvent
            {
                Event = "tick",
                Id = "7",
                Retry = TimeSpan.FromMilliseconds(1500),
                Data = "x",
                LastEventId = "7",
            });

    [Test]
    public void Feed_SeveralDataLines_AreJoinedWithLineFeed() =>
        AssertEvents("data: YHOO\ndata: +2\ndata: 10\n\n", new SseEvent { Data = "YHOO\n+2\n10" });

    [Test]
    public void Feed_EmptyDataLines_KeepTheirLineFeeds() =>
        AssertEvents(
            "data:\n\ndata\ndata\n\ndata:\ndata: x\ndata\n\n",
            new SseEvent(),
            new SseEvent { Data = "\n" },
            new SseEvent { Data = "\nx\n" });

    [Test]
    public void Feed_LeadingSpace_IsDroppedOnce() =>
        AssertEvents("data:a\n\ndata: b\n\ndata:  c\n\ndata:\td\n\n", Data("a"), Data("b"), Data(" c"), Data("\td"));

    [Test]
    public void Feed_FurtherColons_BelongToTheValue() =>
        AssertEvents("data: a:b: c\n\ndata::x\n\n", Data("a:b: c"), Data(":x"));

    [Test]
    public void Feed_NoColon_IsANameWithEmptyValue() =>
        AssertEvents("data\n\nevent: x\nevent\ndata: y\n\n", Data(""), new SseEvent { Event = "", Data = "y" });

    [Test]
    public void Feed_UnknownOrMisspeltNames_AreIgnored() =>
        AssertEvents("Data: a\nDATA: b\n data: c\ndata : d\ndatax: e\ndat: f\nfoo\ndata: g\n\n", Data("g"));

    [Test]
    public void Feed_Comments_AreNoEvents()
    {
        ParseLog log = Run(":first\n: second\n:\ndata: a\n:within\n\n:\n\n");

        Assert.That(
            log.Items,
            Is.EqualTo(
                new object[]
                {
                    new Comment("first"),
                    new Comment(" second"),
                    new Comment(""),
                    new Comment("within"),
                    Data("a"),
                    new Comment(""),
                }));
    }

    [Test]
    public void Feed_BlockWithoutData_IsNotDispatchedAndItsEventForgotten() =>
        AssertEvents("event: lost\n\ndata: a\n\n\n\ndata: b\n\n", Data("a"), Data("b"));

    [Test]
    public void Feed_SeveralEventLines_TheLastCounts() =>
        AssertEvents("event: a\nevent: b\ndata: x\n\n", new SseEvent { Event = "b", Data = "x" });

    [Test]
    public void Feed_Id_StaysForLaterEvents() =>
        AssertEvents(
            "id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\nid\ndata: d\n\ndata: e\n\n",
            new SseEvent { Data = "a", Id = "1", LastEventId = "1" },
            new SseEvent { Data = "b", LastEventId = "1" },
            new SseEvent { Data = "c", LastEventId = "2" },
            new SseEvent { Data = "d", Id = "", LastEventId = "" },
            new SseEvent { Data = "e", LastEventId = "" });

    [Test]
    public void Feed_IdWithNul_IsIgnored() =>
        AssertEvents(
            "id: 1\nid: x\0y\ndata: a\n\nid: \0\ndata: b\n\n",
            new SseEvent { Data = "a", Id = "1", LastEventId = "1" },
            new SseEvent { Data = "b", LastEventId = "1" });

    [Test]
    public void Feed_IdOfUnfinishedBlock_DoesNotCount()
    {
        ParseLog log = Run("id: 1\ndata: a\n\nid: 2\ndata: b\n");

        Assert.That(log.Events, Is.EqualTo(new[] { new SseEvent { Data = "a", Id = "1", LastEventId = "1" } }));
        Assert.That(log.LastEventId, Is.EqualTo("1"));
    }

    [Test]
    public void Feed_Retry_CountsAtItsOwnLine()
    {
        ParseLog log = Run("retry: 10\n\nretry: 20\ndata: a\n\nretry: 30\ndata: never");

        Assert.That(log.Items, Is.EqualTo(new object[]
        {
            Retry(10), Retry(20), new SseEvent { Data = "a", Retry = TimeSpan.FromMilliseconds(20) }, Retry(30),
        }));
    }

    [TestCase("retry:")]
    [TestCase("retry")]
    [TestCase("retry: -1")]
    [TestCase("retry: +1")]
    [TestCase("retry: 1.5")]
    [TestCase("retry: 1 ")]
    [TestCase("retry:  1")]
    [TestCase("retry: 1e3")]
    [TestCase("retry: ٣")]
    [TestCase("Retry: 1")]
    public void Feed_RetryNotAllDigits_IsIgnored(string line) =>
        Assert.That(Run(line + "\ndata: a\n\n").Items, Is.EqualTo(new object[] { Data("a") }));

    [Test]
    public void Feed_HugeRetry_Saturates()
    {
        ParseLog log = Run("retry: 99999999999999999999999999\n");

        var longest = new TimeSpan(922337203685477 * TimeSpan.TicksPerMillisecond);
        Assert.That(log.Items, Is.EqualTo(new object[] { new ReconnectionTime(longest) }));
    }

    [Test]
    public void Feed_ByteOrderMarkAtTheStart_IsDroppedOnce() =>
        AssertEvents("\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n", Data("a"), Data("\uFEFFc"));

    [Test]
    public void Feed_SecondByteOrderMark_IsData() =>
        AssertEvents("\uFEFF\uFEFFdata: a\n\ndata: b\n\n", Data("b"));

    [Test]
    public void Feed_StartOfAByteOrderMark_BelongsToTheLine()
    {
        byte[] input = [0xEF, 0xBB, .. Bytes("data: a\n\n:x\ndata: b\n\n")];

        Assert.That(Run(input).Items, Is.EqualTo(new object[] { new Comment("x"), Data("b") }));
    }

    [Test]
    public void Feed_OtherLineSeparators_AreData() =>
        AssertEvents("data: a\u2028b\u2029c\u0085d\ve\ff\n\n", Data("a\u2028b\u2029c\u0085d\ve\ff"));

    [Test]
    public void Feed_Utf8_IsDecodedAcrossChunks() =>
        AssertEvents(
            "data: ä€𝄞 漢字\nevent: Ω\nid: ж\n\n",
            new SseEvent { Data = "ä€𝄞 漢字", Event = "Ω", Id = "ж", LastEventId = "ж" });

    [Test]
    public void Feed_IllFormedUtf8_BecomesReplacementCharacters()
    {
        byte[] input =
            [.. Bytes("data: a"), 0xC3, 0x28, 0xF0, 0x9F, 0x92, (byte)'b', 0xED, 0xA0, 0x80, 0xFF, .. Bytes("\n\n")];

        Assert.That(Run(input).Events, Is.EqualTo(new[] { Data("a\uFFFD(\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD") }));
    }

    [Test]
    public void Feed_SequenceCutByALineEnd_IsReplaced()
    {
        byte[] input = [.. Bytes("data: "), 0xE2, 0x82, .. Bytes("\ndata: "), 0xAC, .. Bytes("\n\n")];

        Assert.That(Run(input).Events, Is.EqualTo(new[] { Data("\uFFFD\n\uFFFD") }));
    }

    [Test]
    public void Feed_Stopped_ReportsNoMore()
    {
        byte[] input = Bytes("data: a\n\n:b\ndata: c\n\ndata: d\n\n");

        ParseLog log = Parse.Chunks(Chunks(input), stopAfter: 2);

        Assert.That(log.Items, Is.EqualTo(new object[] { Data("a"), new Comment("b") }));
        Assert.That(log.Result, Is.EqualTo(SseFeedResult.Stopped));
    }

    /// <summary>Long enough for the fast path, if the chunk is not cut.</summary>
    [Test]
    public void Feed_StoppedAtACommentAmongManyBlocks_ReportsNoMore()
    {
        byte[] input = Bytes("data: a\n\n:b\n" + string.Concat(Enumerable.Repeat("data: c\n\n:d\n", 10)));

        ParseLog log = Parse.Chunks(Chunks(input), stopAfter: 2);

        Assert.That(log.Items, Is.EqualTo(new object[] { Data("a"), new Comment("b") }));
        Assert.That(log.Result, Is.EqualTo(SseFeedResult.Stopped));
    }

    private static SseEvent Data(string data) => new() { Data = data };

    private static ReconnectionTime Retry(int milliseconds) => new(TimeSpan.FromMilliseconds(milliseconds));

    private void AssertEvents(string input, params SseEvent[] expected) =>
        Assert.That(Run(input).Events, Is.EqualTo(expected));

    private ParseLog Run(string input) => Run(Bytes(input));

    private ParseLog Run(byte[] input) => Parse.Chunks(Chunks(input));

    private IEnumerable<byte[]> Chunks(byte[] input) => Parse.Cut(input, chunkSize);

    private byte[] Bytes(string input) =>
        Encoding.UTF8.GetBytes(input.Replace("\n", newLine, StringComparison.Ordinal));
}
