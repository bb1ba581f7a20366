using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <content>The fast path: lines that lie within one chunk.</content>
internal sealed partial class SseParser
{
    /// <summary>
    /// The size of a block, in bytes, after which a new window starts at the next block. In blocks of the same form,
    /// the line ends are then at nearly the same positions of a window, which the branch predictor learns.
    /// </summary>
    private const int LongBlock = 24;

    /// <summary>
    /// Reads lines from the start of a chunk, and removes them from it. The chunk has at least the size of a window,
    /// and there is no cut line.
    /// </summary>
    /// <param name="chunk">The chunk, afterwards without the lines.</param>
    /// <param name="mayHaveLineEnd">Set to false if the rest has no line end, and need not be searched again.</param>
    private SseFeedResult ReadWholeLines(ref ReadOnlySpan<byte> chunk, ref bool mayHaveLineEnd)
    {
        // The input ends at the limit, so no line in it can be too large.
        int limit = maxEventSize - _block.Size;
        ReadOnlySpan<byte> input = chunk.Length > limit ? chunk[..limit] : chunk;
        if (input.Length < LineScanner.Window)
            return SseFeedResult.NeedsMore;

        bool shouldContinue = true;
        int window = 0, lineStart = 0, blockStart = 0;
        ulong ends = LineScanner.Find(input, 0);
        while (shouldContinue)
        {
            if (ends == 0)
                (window, ends) = LineScanner.Next(input, window, lineStart);
            if (ends == 0)
                break;

            int end = window + LineScanner.LowestOf(ends), start = lineStart, next = end + 1;
            if (input[end] == CarriageReturn)
            {
                // It is not known yet whether an LF follows: ReadNextLine reads this line.
                if (next == input.Length)
                    break;
                if (input[next] == LineFeed)
                    next++;
            }

            // Removes the lowest bit, which is this line end. The line can only have a negative length if the bytes
            // have changed since the search.
            ends &= ends - 1;
            bool isBlank = end <= start;
            if (!isBlank)
            {
                shouldContinue = ReadLine(input, start, end);

                // A shortcut for a blank line that ends with LF. If it is beyond the window, no bit is left to remove.
                isBlank = shouldContinue && next < input.Length && input[next] == LineFeed;
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
            shouldContinue = _block.Size == 0 || Dispatch(input);
        }

        _block.Keep(input);
        mayHaveLineEnd = ends != 0 || input.Length < chunk.Length;
        chunk = chunk[lineStart..];
        return shouldContinue ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;
    }

    /// <summary>Gets the start of a value. The line may end with its colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ValueStart(ReadOnlySpan<byte> input, int afterColon, int end)
    {
        // Equal if the line ends with its colon, and beyond the end only if the bytes have changed since the search.
        if (afterColon >= end)
            return end;
        return input[afterColon] == Space ? afterColon + 1 : afterColon;
    }
}
