using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <content>The fast path: the lines that lie whole in a chunk.</content>
internal sealed partial class SseParser
{
    /// <summary>
    /// After a block of this many bytes, a window starts where the next block does. Its line ends are then at nearly
    /// the same places of the window each time, which the branch predictor learns.
    /// </summary>
    private const int LongBlock = 24;

    /// <summary>
    /// Reads lines from the start of a chunk, and removes from it what was read. The chunk is no shorter than a window,
    /// and there is no line that was cut off.
    /// </summary>
    private SseFeedResult ReadWholeLines(ref ReadOnlySpan<byte> chunk)
    {
        // The input is cut at the limit, so no line in it can be too large.
        int limit = maxEventSize - _block.Size;
        ReadOnlySpan<byte> input = chunk.Length > limit ? chunk[..limit] : chunk;
        if (input.Length < LineScanner.Window)
            return SseFeedResult.NeedsMore;

        SseFeedResult result = SseFeedResult.NeedsMore;
        int window = 0, lineStart = 0, blockStart = 0;
        ulong ends = LineScanner.Find(input, 0);
        while (true)
        {
            if (ends == 0)
            {
                (window, ends) = LineScanner.Next(input, window);
                if (ends == 0)
                    break;
            }

            int end = window + LineScanner.LowestOf(ends);
            ends &= ends - 1;
            int start = lineStart, next = end + 1;
            if (input[end] == CarriageReturn)
            {
                // Whether an LF follows is not known yet.
                if (next == input.Length)
                    break;
                if (input[next] == LineFeed)
                    next++;
            }

            lineStart = next;
            bool goOn = true;
            if (end > start)
            {
                goOn = ReadLine(input, start, end);
            }
            else
            {
                if (next - blockStart >= LongBlock)
                    ends = LineScanner.Find(input, window = next);
                blockStart = next;
                if (_block.Size > 0)
                    goOn = Dispatch(input);
            }

            if (!goOn)
            {
                result = SseFeedResult.Stopped;
                break;
            }
        }

        _block.Keep(input);
        chunk = chunk[lineStart..];
        return result;
    }

    /// <summary>Where a value begins. The line may end with its colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ValueStart(ReadOnlySpan<byte> input, int afterColon, int end)
    {
        // The colon is beyond the end only if the bytes have changed since the search.
        if (afterColon >= end)
            return end;
        return input[afterColon] == Space ? afterColon + 1 : afterColon;
    }
}
