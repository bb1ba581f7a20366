using System.Text;
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>The limit on the size of an event is the same however the stream is cut.</summary>
[TestFixture(1)]
[TestFixture(2)]
[TestFixture(3)]
[TestFixture(5)]
[TestFixture(7)]
[TestFixture(int.MaxValue)]
internal sealed class SseParserLimitTests(int chunkSize)
{
    private const int Limit = 20;

    [TestCase("data: 01234567890123\n\n")]
    [TestCase("data: 0123\ndata: 4567\n\n")]
    [TestCase("id: 12345678\ndata: 12\n\n")]
    [TestCase(":0123456789012345678\n:0123456789012345678\ndata: 01234567890123\n\n")]
    [TestCase("data: 0123\r\n:a comment within\r\ndata: 4567\r\n\r\n")]
    [TestCase("data: 0123\n:0123456789012345678\ndata: 4567\n\n")]
    public void Feed_AsLargeAsTheLimit_IsDelivered(string input)
    {
        ParseLog log = Run(input + input);

        Assert.That(log.Result, Is.EqualTo(SseFeedResult.NeedsMore));
        Assert.That(log.Events.Count(), Is.EqualTo(2));
    }

    [TestCase("data: 012345678901234\n\n")]
    [TestCase("data: 012345678901234")]
    [TestCase("data: 0123\ndata: 45678\n\n")]
    [TestCase("data\ndata\ndata\ndata\ndata\ndata\n\n")]
    [TestCase("unknown: 0123456789abc\n\n")]
    [TestCase("id: 123456789\ndata: 12\n\n")]
    [TestCase("event: 01234567890123\n\n")]
    [TestCase("01234567890123456789x")]
    [TestCase(":01234567890123456789\n")]
    [TestCase(":01234567890123456789")]
    public void Feed_LargerThanTheLimit_EndsAfterWhatCameBefore(string input)
    {
        // Enough events before it to make a chunk large enough for the fast path.
        ParseLog log = Run(string.Concat(Enumerable.Repeat("data: before\n\n", 8)) + input + "\n\ndata: after\n\n");

        Assert.That(log.Result, Is.EqualTo(SseFeedResult.TooLarge));
        Assert.That(log.Items, Is.EqualTo(Enumerable.Repeat(new SseEvent { Data = "before" }, 8)));
    }

    /// <summary>
    /// Both chunks are large enough for the fast path. If it counted each chunk separately, the second one would be
    /// within the limit.
    /// </summary>
    [Test]
    public void Feed_BlockOverTwoLargeChunks_IsCountedAsAWhole(
        [Values("\n", "\r", "\r\n")] string newLine,
        [Values(1, 2, 20)] int count,
        [Values("", ": comment")] string comment)
    {
        string line = $"data: {new string('x', 60)}";
        string half = string.Concat(Enumerable.Repeat(line + newLine, count))
            + (comment.Length > 0 ? comment + newLine : "");
        byte[] first = Encoding.UTF8.GetBytes(half), second = Encoding.UTF8.GetBytes(half + newLine);
        int size = 2 * count * line.Length;

        Assert.That(Parse.Chunks([first, second], maxEventSize: size).Result, Is.EqualTo(SseFeedResult.NeedsMore));
        Assert.That(Parse.Chunks([first, second], maxEventSize: size - 1).Result, Is.EqualTo(SseFeedResult.TooLarge));
    }

    /// <summary>A block is measured by its own size, regardless of where in the chunk it begins.</summary>
    [Test]
    public void Feed_UnfinishedBlockAfterManyInALargeChunk_IsCountedFromItsStart()
    {
        byte[] before = Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("data: 01234\n\n", 100)) + "data: 01234\n");
        byte[] after = Encoding.UTF8.GetBytes("data: 56789\n\n");

        ParseLog log = Parse.Chunks([before, after], maxEventSize: before.Length);

        Assert.That(log.Result, Is.EqualTo(SseFeedResult.NeedsMore));
        Assert.That(log.Events.Last().Data, Is.EqualTo("01234\n56789"));
    }

    /// <summary>If a line or a block never ends, no more than one chunk beyond the limit is kept in memory.</summary>
    [TestCase("data: ", "x")]
    [TestCase("data: 0123\n", "data: 4567")]
    [TestCase("unknown: ", "x")]
    [TestCase(": ", "x")]
    [TestCase("data: 0123\nunknown: ", "x")]
    public void Feed_LineThatNeverEnds_EndsWithTheFirstChunkBeyondTheLimit(string start, string endless)
    {
        byte[] input = Encoding.UTF8.GetBytes(start + string.Concat(Enumerable.Repeat(endless, 100)));
        int lineEnds = input.Count(value => value == '\n');
        int fed = 0;

        ParseLog log = Parse.Chunks(Parse.Cut(input, Math.Min(chunkSize, 30)).Select(chunk =>
        {
            fed += chunk.Length;
            return chunk;
        }), Limit);

        Assert.That(log.Result, Is.EqualTo(SseFeedResult.TooLarge));
        Assert.That(fed - lineEnds, Is.InRange(Limit + 1, Limit + Math.Min(chunkSize, 30)));
    }

    private ParseLog Run(string input) => Parse.Chunks(Parse.Cut(Encoding.UTF8.GetBytes(input), chunkSize), Limit);
}
