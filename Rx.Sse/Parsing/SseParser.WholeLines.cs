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

        bool goOn = true;
        int window = 0, lineStart = 0, blockStart = 0;
        ulong ends = LineScanner.Find(input, 0);
        while (goOn)
        {
            if (ends == 0)
            {
                (window, ends) = LineScanner.Next(input, window, lineStart);
                if (ends == 0)
                    break;
            }

            int end = window + LineScanner.LowestOf(ends), start = lineStart, next = end + 1;
            if (input[end] == CarriageReturn)
            {
                // Whether an LF follows is not known yet.
                if (next == input.Length)
                    break;
                if (input[next] == LineFeed)
                    next++;
            }

            ends &= ends - 1;
            bool isBlank = end <= start;
            if (!isBlank)
            {
                goOn = ReadLine(input, start, end);

                // Most often the line after a data line is blank. It may be beyond the window.
                isBlank = goOn && next < input.Length && input[next] == LineFeed;
                if (isBlank)
                {
                    next++;
                    ends &= ends - 1;
                }
            }

            lineStart = next;
            if (!isBlank)
                continue;
            if (next - blockStart >= LongBlock)
                ends = LineScanner.Find(input, window = next);
            blockStart = next;
            goOn = _block.Size == 0 || Dispatch(input);
        }

        _block.Keep(input);
        chunk = chunk[lineStart..];
        return goOn ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;
    }

    /// <summary>Gets the start of a value. The line may end with its colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ValueStart(ReadOnlySpan<byte> input, int afterColon, int end)
    {
        // The colon is beyond the end only if the bytes have changed since the search.
        if (afterColon >= end)
            return end;
        return input[afterColon] == Space ? afterColon + 1 : afterColon;
    }
}
