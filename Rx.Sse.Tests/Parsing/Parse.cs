using System.Text;
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Runs the parser over an input cut in some way.</summary>
internal static class Parse
{
    public static ParseLog Chunks(IEnumerable<byte[]> chunks, int maxEventSize = SseOptions.DefaultMaxEventSize, int stopAfter = int.MaxValue)
    {
        var log = new ParseLog();
        var lastEventId = new LastEventIdBuffer("");
        var parser = new SseParser<RecordingSink>(new RecordingSink(log, stopAfter), lastEventId, maxEventSize);
        foreach (byte[] chunk in chunks)
        {
            // A copy that is overwritten afterwards: the parser may not keep what is only lent.
            byte[] lent = [.. chunk];
            log.Result = parser.Feed(lent);
            Array.Fill(lent, (byte)'#');
            if (log.Result != SseFeedResult.NeedsMore)
                break;
        }

        log.LastEventId = lastEventId.Text;
        return log;
    }

    public static ParseLog Whole(byte[] input) => Chunks([input]);

    public static ParseLog Whole(string input) => Whole(Encoding.UTF8.GetBytes(input));

    public static IEnumerable<byte[]> Cut(byte[] input, int size) => input.Chunk(size);

    public static IEnumerable<byte[]> CutAt(byte[] input, params IEnumerable<int> positions)
    {
        int start = 0;
        foreach (int position in positions)
        {
            yield return input[start..position];
            start = position;
        }

        yield return input[start..];
    }
}
