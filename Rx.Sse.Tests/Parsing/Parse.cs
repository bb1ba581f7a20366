using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Runs the parser over an input cut in some way.</summary>
internal static class Parse
{
    [ThreadStatic]
    private static GuardedMemory? _memory;

    public static ParseLog Chunks(
        IEnumerable<byte[]> chunks,
        int maxEventSize = SseOptions.DefaultMaxEventSize,
        int stopAfter = int.MaxValue,
        bool atEnd = false)
    {
        var log = new ParseLog();
        var lastEventId = new LastEventIdBuffer("");
        var parser = new SseParser(new RecordingSink(log, stopAfter), lastEventId, maxEventSize);
        foreach (byte[] chunk in chunks)
        {
            Lend(chunk, lent => log.Result = parser.Feed(lent.Span));
            if (log.Result != SseFeedResult.NeedsMore)
                break;
        }

        if (atEnd && log.Result == SseFeedResult.NeedsMore)
            log.Result = parser.End();
        log.LastEventId = lastEventId.Text;
        return log;
    }

    /// <summary>
    /// Passes on a copy of the chunk. On Linux, the byte after the copy is inaccessible: the parser reads many bytes at
    /// once, but only within the chunk. Afterwards the copy is overwritten, because the parser must not keep borrowed
    /// memory.
    /// </summary>
    public static void Lend(byte[] chunk, Action<Memory<byte>> use)
    {
        Memory<byte> lent = (_memory ??= new GuardedMemory()).Place(chunk, atEnd: true);
        use(lent);
        lent.Span.Fill((byte)'#');
    }

    public static ParseLog Whole(byte[] input) => Chunks([input]);

    public static ParseLog Whole(string input) => Whole(Encoding.UTF8.GetBytes(input));

    public static IEnumerable<byte[]> Cut(byte[] input, int size) => input.Chunk(size);

    public static IEnumerable<byte[]> CutAt(byte[] input, params IEnumerable<int> positions)
    {
        int start = 0;
        foreach (int position in positions)
        {
            yield return [.. input.AsSpan(start, position - start)];
            start = position;
        }

        yield return [.. input.AsSpan(start)];
    }
}
