using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <content>
/// Blocks of several data lines: where these are is remembered, to be joined, or made into text, when their number and their length are known.
/// </content>
internal sealed partial class SseParser<TSink>
{
    /// <summary>So many data lines of a block are remembered; if there are more, they are joined.</summary>
    private const int MostLines = 128;

    /// <summary>As many bytes as are copied in one go, with what follows them, rather than counted.</summary>
    private const int ShortestLine = 16, ShorterLine = 32, ShortLine = 64;

    /// <summary>After two lines of so many bytes, more of that kind are looked for, a good many at once.</summary>
    private const int LongLine = 32;

    private bool HasTwoLongLines => LineCount >= 2 && Lines![LineCount - 1].Length >= LongLine && Lines[LineCount - 2].Length >= LongLine;

    /// <summary>Remembers another data line of a block, or one that is not simply a piece of the chunk. Returns what the block has by it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SseFields AddLine(ReadOnlySpan<byte> chunk, int start, int length, SseFields present, int dataStart, int dataLength)
    {
        // The first one is not among them yet.
        if ((present & (SseFields.Data | SseFields.SplitData)) == SseFields.Data)
            AddLine(chunk, new SseUtf8Line(dataStart, dataLength));
        AddLine(chunk, new SseUtf8Line(start, length));
        return SseFields.Data | SseFields.SplitData;
    }

    private void AddLine(ReadOnlySpan<byte> chunk, SseUtf8Line line)
    {
        Lines ??= ArrayPool<SseUtf8Line>.Shared.Rent(MostLines);
        if (LineCount == MostLines)
            JoinLines(chunk);
        Lines[LineCount++] = line;
    }

    /// <summary>Reads data lines as long as there is one after the other, and none too near to the end of the chunk. Returns where the next line starts.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadDataLines(ReadOnlySpan<byte> chunk, int lineStart)
    {
        const int MostWindows = 8;
        ref byte first = ref MemoryMarshal.GetReference(chunk);
        Span<int> ends = stackalloc int[MostWindows * LineEnds.Window];

        // No further ahead than there have been lines so far, for the block may end with any of them.
        for (int windows = 1; lineStart + windows * LineEnds.Window + sizeof(ulong) <= chunk.Length; windows = Math.Min(2 * windows, MostWindows))
        {
            if (!SseFieldNames.IsData(HeadAt(ref first, lineStart)))
                return lineStart;
            int found = LineEnds.FindAll(ref first, lineStart, windows, ends);
            if (LineCount + found > MostLines)
                JoinLines(chunk);
            if (found == 0 || found > MostLines)
                return lineStart;

            Span<SseUtf8Line> lines = Lines.AsSpan(LineCount, found);
            for (int i = 0; i < lines.Length; i++)
            {
                int end = ends[i];
                if (!SseFieldNames.IsData(HeadAt(ref first, lineStart)))
                {
                    LineCount += i;
                    return lineStart;
                }

                int start = ValueStart(ref first, lineStart + "data:".Length);
                lines[i] = new SseUtf8Line(start, end - start);
                lineStart = end + 1;
                if (Unsafe.Add(ref first, end) == CarriageReturn && Unsafe.Add(ref first, lineStart) == LineFeed)
                    lineStart++;
            }

            LineCount += found;
        }

        return lineStart;
    }

    /// <summary>The data of an event that has several lines, or some from an earlier chunk. None if the sink takes the lines as they are.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> SplitData(ReadOnlySpan<byte> chunk)
    {
        if (_sink.TakesLines && !_hasJoinedLine)
            return default;
        JoinLines(chunk);
        return _data.Span;
    }

    /// <summary>Copies the lines of the chunk to those that were copied before.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void JoinLines(ReadOnlySpan<byte> chunk)
    {
        ReadOnlySpan<SseUtf8Line> lines = Lines.AsSpan(0, LineCount);
        if (lines.IsEmpty)
            return;

        int length = lines.Length + ShortLine;
        foreach (SseUtf8Line line in lines)
            length += line.Length;
        Span<byte> free = _data.Reserve(length);
        ref byte source = ref MemoryMarshal.GetReference(chunk);
        ref byte target = ref MemoryMarshal.GetReference(free);

        // No LF before the very first line.
        int written = _hasJoinedLine ? 0 : -1;
        foreach (SseUtf8Line line in lines)
        {
            if (written >= 0)
                Unsafe.Add(ref target, written) = LineFeed;
            written++;

            // A copy of fixed length costs a fraction of one whose length has to be looked at.
            int moved = line.Start > chunk.Length - ShortLine || line.Length > ShortLine ? line.Length
                : line.Length <= ShortestLine ? ShortestLine : line.Length <= ShorterLine ? ShorterLine : ShortLine;
            if (moved == ShortestLine)
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref target, written), ref Unsafe.Add(ref source, line.Start), ShortestLine);
            else if (moved == ShorterLine)
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref target, written), ref Unsafe.Add(ref source, line.Start), ShorterLine);
            else if (moved == ShortLine)
                Unsafe.CopyBlockUnaligned(ref Unsafe.Add(ref target, written), ref Unsafe.Add(ref source, line.Start), ShortLine);
            else
                chunk.Slice(line.Start, line.Length).CopyTo(free[written..]);
            Work.Add(moved);
            written += line.Length;
        }

        _data.Advance(written);
        _hasJoinedLine = true;
        LineCount = 0;
    }
}
