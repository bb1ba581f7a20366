using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <content>
/// Blocks of one data line and nothing else, one after the other: most language models stream such. A loop of its own has so few variables that all of
/// them are kept in registers.
/// </content>
internal sealed partial class SseParser<TSink>
{
    /// <summary>
    /// Reads such blocks, as long as they end with LF and lie not too near to the end of the chunk. Returns where the next block starts, and whether the
    /// sink wants it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (int BlockStart, bool GoOn) ReadDataBlocks(ReadOnlySpan<byte> chunk, int blockStart)
    {
        ref byte first = ref MemoryMarshal.GetReference(chunk);
        int lastWindow = chunk.Length - LineEnds.Window;
        int window = blockStart;
        ulong ends = 0;
        while (blockStart <= lastWindow && SseFieldNames.IsData(HeadAt(ref first, blockStart)))
        {
            if (window == blockStart)
                ends = LineEnds.FindEither(ref first, window);
            while (ends == 0)
            {
                window += LineEnds.Window;
                if (window > lastWindow)
                    return (blockStart, true);
                ends = LineEnds.FindEither(ref first, window);
            }

            int end = window + LineEnds.LowestOf(ends);
            int blank = end + 1;
            if (blank == chunk.Length || Unsafe.Add(ref first, end) != LineFeed || Unsafe.Add(ref first, blank) != LineFeed)
                break;

            int start = ValueStart(ref first, blockStart + "data:".Length);

            // Anew from where the next block starts, for the same reason as in the other loop; but short ones share a window.
            int next = blank + 1;
            ends &= ends - 1;
            ends &= ends - 1;
            if (next - blockStart >= LongBlock || next - window >= LineEnds.Window)
                window = next;
            blockStart = next;
            if (!DispatchData(chunk, start, end - start))
                return (blockStart, false);
        }

        return (blockStart, true);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DispatchData(ReadOnlySpan<byte> chunk, int start, int length)
    {
        Present = SseFields.Data;
        return _sink.OnEvent(new SseUtf8Event(chunk.Slice(start, length), chunk, this));
    }
}
