#if DEBUG
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// However the input is cut, each byte is read or moved only a limited number of times. The tests use a counter in
/// debug builds instead of a clock.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SseParserWorkTests
{
    /// <summary>
    /// 32 chunks of the largest size. Reading all earlier bytes again with each chunk would be 16 times as much work.
    /// </summary>
    private const int Size = 2 * 1024 * 1024;

    /// <summary>
    /// Bytes are searched, and appended to a buffer that doubles in size. This happens twice in each chunk in which no
    /// block ends, and another time for a line that is not data.
    /// </summary>
    public const int MostTimes = 6;

    [TestCase("data: ", 1)]
    [TestCase("data: ", 31)]
    [TestCase("data: ", 64 * 1024)]
    [TestCase("unknown: ", 1)]
    [TestCase("unknown: ", 64 * 1024)]
    [TestCase(": ", 1)]
    [TestCase(": ", 64 * 1024)]
    public void Feed_OneLargeLine_IsLinear(string start, int chunkSize) =>
        AssertLinear(start + new string('x', Size) + "\n\n", chunkSize);

    [TestCase("data: x\n", 1)]
    [TestCase("data: x\n", 64 * 1024)]
    [TestCase("data: x\r\n", 1_000)]
    [TestCase("data\n", 64 * 1024)]
    [TestCase("retry: 1\n", 64 * 1024)]
    public void Feed_ManyLinesInOneBlock_IsLinear(string line, int chunkSize) =>
        AssertLinear(string.Concat(Enumerable.Repeat(line, Size / line.Length)) + "\n", chunkSize);

    [TestCase("data: x\n\n", 1)]
    [TestCase("data: x\n\n", 64)]
    [TestCase("data: x\n\n", 64 * 1024)]
    [TestCase("data: x\nretry: 1\n\n", 64 * 1024)]
    [TestCase("data: x\ndata: seventeen letters\ndata: seventeen letters\n\n", 64 * 1024)]
    [TestCase("data: x\n: comment\n\n", 64 * 1024)]
    [TestCase("data: x\r\r", 64 * 1024)]
    [TestCase("data:x\n\n:\n\n", 64 * 1024)]
    [TestCase("data: x\n\nid:1\ndata:y\n\n", 64 * 1024)]
    [TestCase("data: x\n\ndata:y\nid:1\n\n", 64 * 1024)]
    [TestCase("x\ndata:\n\n\n", 64 * 1024)]
    [TestCase("x\ndata:\n\n\n", 1_000)]
    [TestCase(":\ndata:\n\n\n", 64 * 1024)]
    [TestCase("\n\ndata:\n\ndata:\n", 64 * 1024)]
    [TestCase("data\ndata:a line of little more than thirty\n\n", 64 * 1024)]
    [TestCase("data\ndata:a line of little more than thirty\n\n", 1_000)]
    [TestCase("data\ndata:a line of little more than thirty\r\n", 64 * 1024)]
    [TestCase("data:\ndata:a line of little more than thirty\ndata:\n\n", 64 * 1024)]
    [TestCase("data:\ndata:a line of little more than thirty\ndata:\n\n", 1_000)]
    [TestCase("\ndata:a line of little more than thirty\n:\r", 64 * 1024)]
    [TestCase("\n\nx\ndata:\ndata:a line of little more than thirty\n\n", 64 * 1024)]
    [TestCase(
        "data:\ndata:a line of little more than "
            + "thirty\ndata:\ndata:\ndata:\ndata:\ndata:\ndata:\ndata:\ndata:\ndata:\ndata:\ndata:\n\n",
        64 * 1024)]
    [TestCase("data\ndata\ndata:seventeen letters\r\ndata:\n", 160)]
    [TestCase("data:seventeen letters\r\n", 64 * 1024)]
    [TestCase(
        "data:\nx\n:\ndata: a line of little more than thirty\n:\r\ndata: a line of little more than thirty\r",
        64 * 1024)]
    [TestCase(": comment\n", 64 * 1024)]
    [TestCase("x\n\n", 64 * 1024)]
    [TestCase("retry: 1\n\n", 64 * 1024)]
    [TestCase("\n", 64 * 1024)]
    public void Feed_ManyBlocks_IsLinear(string block, int chunkSize) =>
        AssertLinear(string.Concat(Enumerable.Repeat(block, Size / block.Length)), chunkSize);

    /// <summary>The beginning of a block is not read again with each chunk while the block continues.</summary>
    [TestCase("event: ")]
    [TestCase("id: ")]
    [TestCase("data: ")]
    public void Feed_CommentsAfterALargeField_IsLinear(string start) =>
        AssertLinear(
            start.PadRight(Size / 8 - 1, 'x') + "\n"
                + string.Concat(Enumerable.Repeat($":{new string('c', 62)}\n", Size / 64)),
            chunkSize: 64);

    private static void AssertLinear(string text, int chunkSize)
    {
        byte[] input = System.Text.Encoding.UTF8.GetBytes(text);
        var parser = new SseParser(new NoSink(), new LastEventIdBuffer(""), SseOptions.DefaultMaxEventSize);
        long before = Work.Bytes;

        for (int start = 0; start < input.Length; start += chunkSize)
        {
            if (parser.Feed(input.AsSpan(start, Math.Min(chunkSize, input.Length - start))) != SseFeedResult.NeedsMore)
                Assert.Fail($"It has ended at {start}.");
        }

        Assert.That(Work.Bytes - before, Is.InRange(input.Length / 2, MostTimes * (long)input.Length));
    }

    private sealed class NoSink : EventSink
    {
        public override bool WantsComments => true;

        public override bool OnEvent(ReadOnlySpan<byte> chunk, EventBlock block) => true;

        public override void OnReconnectionTime(TimeSpan time)
        {
        }
    }
}
#endif
