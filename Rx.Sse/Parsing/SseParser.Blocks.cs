using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <content>
/// Blocks as most streams have them, one after the other: a data line, before it perhaps an event line and an id line, and comments between the blocks.
/// A loop of their own has so few variables that nearly all of them are kept in registers.
/// </content>
internal sealed partial class SseParser<TSink>
{
    /// <summary>So many bytes after a window are looked at without a check: a blank line, the start of a line, an ID of usual length.</summary>
    private const int Margin = 32;

    /// <summary>
    /// Reads such blocks, until there is another one, or the end of the chunk is near. It begins with the line ends that have been found, and in what window,
    /// and returns those that follow the start of the next block, if there are any in that window, and whether the sink wants it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (int BlockStart, int Window, ulong Ends, bool GoOn) ReadBlocks(ReadOnlySpan<byte> chunk, int blockStart, int window, ulong ends)
    {
        ref byte first = ref MemoryMarshal.GetReference(chunk);
        int lastWindow = chunk.Length - LineEnds.Window - Margin;
        while (blockStart <= lastWindow)
        {
            if (ends == 0)
                ends = LineEnds.FindFrom(ref first, window = blockStart);

            // What of the block has been read counts for nothing, if it turns out to be another one.
            ulong blockEnds = ends;
            int blockWindow = window;
            SseFields present = SseFields.Data;
            int lineStart = blockStart;
            ulong head = HeadAt(ref first, lineStart);
            if (!SseFieldNames.IsData(head))
            {
                if (ends == 0)
                    return (blockStart, blockWindow, blockEnds, true);
                if (SseFieldNames.IsEvent(head))
                {
                    int lineEnd = window + LineEnds.LowestOf(ends);
                    int valueStart = ValueStart(ref first, lineStart + "event:".Length);
                    EventPlace = new SseUtf8Place(valueStart, lineEnd - valueStart);
                    present |= SseFields.Event;
                    lineStart = NextLine(ref first, lineEnd);
                    head = HeadAt(ref first, lineStart);
                    ends &= ends - 1;
                }
                else if (IsBlankOrComment(head))
                {
                    blockStart = NextLine(ref first, window + LineEnds.LowestOf(ends));
                    ends &= ends - 1;
                    continue;
                }

                if (SseFieldNames.IsId(head))
                {
                    int lineEnd = window + LineEnds.LowestOf(ends);
                    int valueStart = ValueStart(ref first, lineStart + "id:".Length);
                    if (ends == 0 || ContainsNull(chunk, valueStart, lineEnd))
                        return (blockStart, blockWindow, blockEnds, true);
                    IdPlace = new SseUtf8Place(valueStart, lineEnd - valueStart);
                    present |= SseFields.Id;
                    lineStart = NextLine(ref first, lineEnd);
                    head = HeadAt(ref first, lineStart);
                    ends &= ends - 1;
                }

                if (!SseFieldNames.IsData(head))
                    return (blockStart, blockWindow, blockEnds, true);
            }

            while (ends == 0)
            {
                // A CRLF before the line may lie across two windows.
                window = Math.Max(lineStart, window + LineEnds.Window);
                if (window > lastWindow)
                    return (blockStart, blockWindow, blockEnds, true);
                ends = LineEnds.FindFrom(ref first, window);
            }

            int end = window + LineEnds.LowestOf(ends);
            int blank = NextLine(ref first, end);
            if (Unsafe.Add(ref first, (uint)blank) is not (LineFeed or CarriageReturn))
                return (blockStart, blockWindow, blockEnds, true);

            // Anew from where the next block starts, for the same reason as in the other loop; but short ones share a window.
            int next = NextLine(ref first, blank);
            ends &= ends - 1;
            ends &= ends - 1;
            if (next - blockStart >= LongBlock)
                ends = 0;
            blockStart = next;

            if ((present & SseFields.Id) != 0)
                LastEventIdPlace = IdPlace;
            int start = ValueStart(ref first, lineStart + "data:".Length);
            if (!Dispatch(chunk, present, start, end - start))
                return (blockStart, window, ends, false);
        }

        return (blockStart, window, ends, true);
    }

    /// <summary>Whether a line is one that may be left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsBlankOrComment(ulong head) => (byte)head is LineFeed or CarriageReturn || (byte)head == Colon && !_wantsComments;

    /// <summary>Where the next line starts. There must be a byte after the line end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextLine(ref byte input, int end) =>
        Unsafe.Add(ref input, (uint)end) == CarriageReturn && Unsafe.Add(ref input, (uint)end + 1) == LineFeed ? end + 2 : end + 1;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Dispatch(ReadOnlySpan<byte> chunk, SseFields present, int start, int length)
    {
        Present = present;
        return _sink.OnEvent(new SseUtf8Event(chunk.Slice(start, length), chunk, this));
    }
}
