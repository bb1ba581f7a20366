using System.Text;
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Rented memory is returned to the pool, as soon as a stream may become idle.</summary>
internal sealed class PooledMemoryTests
{
    [Test]
    public void Append_BufferThatGrows_GivesTheSmallerArraysBack()
    {
        using var watch = new BufferCensus();
        PooledBuffer buffer = default;

        for (int i = 0; i < 1_000; i++)
            buffer.Append("0123456789"u8);
        Assert.That((watch.Rented, watch.Outstanding), Is.EqualTo((7, 1)), "256 bytes, and so on up to 16 Ki");

        buffer.Trim(0, isUsed: false);
        Assert.That(watch.Outstanding, Is.Zero);
    }

    /// <summary>With every field, and with line ends after which the parser has to wait for the next byte.</summary>
    [Test]
    public void Rest_BetweenBlocks_HoldsNoArray(
        [Values("\n", "\r", "\r\n")] string newLine, [Values(1, 3, 30, 1_000)] int chunkSize)
    {
        string input =
            $": comment\nevent: x\nid: 1\nunknown: y\ndata: a\ndata: {new string('b', 500)}\nretry: 1\n\n".Replace(
                "\n", newLine, StringComparison.Ordinal);
        var parser = new SseParser(
            new RecordingSink(new ParseLog()), new LastEventIdBuffer(""), SseOptions.DefaultMaxEventSize);
        using var watch = new BufferCensus();

        for (int i = 0; i < 3; i++)
        {
            foreach (byte[] chunk in Parse.Cut(Encoding.UTF8.GetBytes(input), chunkSize))
                parser.Feed(chunk);
            parser.TrimMemory();
            Assert.That(watch.Outstanding, Is.Zero);
        }

        Assert.That(watch.Rented, Is.Positive);
    }

    /// <summary>
    /// Small arrays are kept. A stream that arrives a few bytes at a time would only rent them again.
    /// </summary>
    [Test]
    public void Feed_AfterALargeEvent_KeepsSmallArraysAlone()
    {
        var parser = new SseParser(
            new RecordingSink(new ParseLog()), new LastEventIdBuffer(""), SseOptions.DefaultMaxEventSize);
        using var watch = new BufferCensus();

        parser.Feed("id: 1\nda"u8);
        parser.Feed(Encoding.UTF8.GetBytes($"ta: {new string('x', 100_000)}"));
        parser.Feed("\n"u8);
        Assert.That(watch.MostBytes, Is.GreaterThan(100_000));
        Assert.That(watch.Outstanding, Is.Positive);
        parser.Feed("\n"u8);

        Assert.That(watch.Bytes, Is.InRange(1, 8 * 1024));
    }

    /// <summary>Also if each chunk ends within a block, so that there is never a time between blocks.</summary>
    [Test]
    public void Feed_ChunksThatEndWithinBlocks_ReturnTheArraysOfALargeEvent()
    {
        var parser = new SseParser(
            new RecordingSink(new ParseLog()), new LastEventIdBuffer(""), SseOptions.DefaultMaxEventSize);
        using var watch = new BufferCensus();

        parser.Feed(Encoding.UTF8.GetBytes($"event: {new string('t', 100_000)}\ndata: {new string('x', 1_000_000)}"));
        parser.Feed(Encoding.UTF8.GetBytes($"{new string('x', 100)}\n\ndata: y"));

        Assert.That(watch.MostBytes, Is.GreaterThan(1_000_000));
        Assert.That(watch.Bytes, Is.InRange(1, 8 * 1024));
    }

    /// <summary>Each field, and any other line, at the end of a large chunk. The last line may be incomplete.</summary>
    [Test]
    public void Rest_SmallBlockAfterALargeOne_KeepsSmallArraysAlone(
        [Values(
            "data: {0}\n\ndata: {1}",
            "event: {0}\n\nevent: {1}",
            "id: {0}\nid\n\nid: {1}",
            "{0}\n\n{1}",
            ":{0}\nid: {1}")]
        string lines,
        [Values(1, 100, 5_000)] int size,
        [Values] bool isCut)
    {
        const int LargeSize = 1_000_000;
        var log = new ParseLog();
        var parser = new SseParser(new RecordingSink(log), new LastEventIdBuffer(""), SseOptions.DefaultMaxEventSize);
        string input = string.Format(null, lines, new string('x', LargeSize), new string('y', size));
        using var watch = new BufferCensus();

        // Cut inside the large line, so that its bytes are also copied.
        parser.Feed(Encoding.UTF8.GetBytes(input[..(LargeSize / 2)]));
        parser.Feed(Encoding.UTF8.GetBytes(input[(LargeSize / 2)..] + (isCut ? "" : "\n")));
        Assert.That(watch.MostBytes, Is.GreaterThan(LargeSize));
        parser.TrimMemory();

        Assert.That(watch.Bytes, Is.LessThanOrEqualTo(Math.Max(4 * 1024, 4 * size)));
        parser.Feed(Encoding.UTF8.GetBytes(isCut ? "\ndata: z\n\n" : "data: z\n\n"));
        SseEvent last = log.Items.OfType<SseEvent>().Last();
        Assert.That($"{last.Event}{last.Id}{last.Data}", Is.EqualTo(Expected(lines, size)));
    }

    [Test]
    public void Reset_InTheMiddleOfABlock_HoldsNoArray()
    {
        var parser = new SseParser(
            new RecordingSink(new ParseLog()), new LastEventIdBuffer(""), SseOptions.DefaultMaxEventSize);
        using var watch = new BufferCensus();
        parser.Feed("event: x\nid: 1\ndata: a\nunfini"u8);
        Assert.That(watch.Outstanding, Is.EqualTo(4));

        parser.Reset();

        Assert.That(watch.Outstanding, Is.Zero);
    }

    private static string Expected(string lines, int size)
    {
        string value = new('y', size);
        if (lines.StartsWith("data", StringComparison.Ordinal))
            return value + "\nz";
        return lines.Contains(": {1}", StringComparison.Ordinal) ? value + "z" : "z";
    }
}
