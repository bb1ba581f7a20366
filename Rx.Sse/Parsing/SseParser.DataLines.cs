using System.Buffers;
using System.Diagnostics;
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

    /// <summary>
    /// Lines up to these lengths are copied as 16, 32 and 64 bytes, with whatever follows them. Not all those of up to 32 as 32, for lines of text are
    /// often about that long, and the processor would have to guess.
    /// </summary>
    private const int ShortestLine = 16, ShorterLine = 24, ShortLine = 64;

    /// <summary>After two lines that have so many bytes together, more of that kind are looked for, a good many at once.</summary>
    private const int TwoLongLines = 64;

    private bool HasTwoLongLines => LineCount >= 2 && Lines![LineCount - 1].Length + Lines[LineCount - 2].Length >= TwoLongLines;

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
        JoinedLength += line.Length + 1;
    }

    /// <summary>Reads data lines as long as there is one after the other, and none too near to the end of the chunk. Returns where the next line starts.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadDataLines(ReadOnlySpan<byte> chunk, int lineStart)
    {
        const int MostWindows = 8;
        ref byte first = ref MemoryMarshal.GetReference(chunk);
        Span<int> ends = stackalloc int[MostWindows * LineEnds.Window];

        for (int ahead = 1; ; ahead = Math.Min(2 * ahead, MostWindows))
        {
            // No further ahead than there have been lines so far, for the block may end with any of them.
            int windows = Math.Min(ahead, (chunk.Length - lineStart - sizeof(ulong)) / LineEnds.Window);
            if (windows <= 0 || !SseFieldNames.IsData(HeadAt(ref first, lineStart)))
                return lineStart;
            int found = LineEnds.FindAll(ref first, lineStart, windows, ends, out bool hasCarriageReturns);
            if (LineCount + found > MostLines)
                JoinLines(chunk);
            if (found == 0 || found > MostLines)
                return lineStart;

            int joinedLength = 0;
            Span<SseUtf8Line> lines = Lines.AsSpan(LineCount, found);
            for (int i = 0; i < lines.Length; i++)
            {
                int end = ends[i];
                int start = lineStart + "data: ".Length;
                ulong head = HeadAt(ref first, lineStart);
                if (!SseFieldNames.IsDataAndSpace(head))
                {
                    start--;
                    if (!SseFieldNames.IsData(head))
                    {
                        LineCount += i;
                        JoinedLength += joinedLength;
                        return lineStart;
                    }
                }

                lines[i] = new SseUtf8Line(start, end - start);
                joinedLength += end - start + 1;
                lineStart = hasCarriageReturns ? NextLine(ref first, end) : end + 1;
            }

            LineCount += found;
            JoinedLength += joinedLength;
        }
    }

    /// <summary>Where the next line starts. There must be a byte after the line end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NextLine(ref byte input, int end) =>
        Unsafe.Add(ref input, (uint)end) == CarriageReturn && Unsafe.Add(ref input, (uint)end + 1) == LineFeed ? end + 2 : end + 1;

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

        Span<byte> free = _data.Reserve(1 + JoinedLength + ShortLine);

        // An LF before the very first line would be one too many, as is that after the last.
        int written = 0;
        if (_hasJoinedLine)
            free[written++] = LineFeed;
        for (int next = 0; next < lines.Length;)
        {
            CopyShortLines(chunk, lines, free, ref next, ref written);
            if (next == lines.Length)
                break;

            SseUtf8Line line = lines[next++];
            Work.Add(line.Length);
            chunk.Slice(line.Start, line.Length).CopyTo(free[written..]);
            written += line.Length;
            free[written++] = LineFeed;
        }

        Debug.Assert(written == JoinedLength + (_hasJoinedLine ? 1 : 0), "The room was reserved by that length.");
        _data.Advance(written - 1);
        _hasJoinedLine = true;
        LineCount = JoinedLength = 0;
    }

    /// <summary>
    /// Those of the next lines that are short, and after which the chunk goes on: a copy of fixed length costs a fraction of one whose length has to be looked
    /// at. Without any call, so that nothing has to be put aside.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyShortLines(ReadOnlySpan<byte> chunk, ReadOnlySpan<SseUtf8Line> lines, Span<byte> free, ref int next, ref int written)
    {
        ref byte source = ref MemoryMarshal.GetReference(chunk);
        ref byte target = ref MemoryMarshal.GetReference(free);
        int lastStart = chunk.Length - ShortLine;
        int i = next, place = written;
        for (; i < lines.Length; i++)
        {
            SseUtf8Line line = lines[i];
            if (line.Length > ShortLine || line.Start > lastStart)
                break;
            ref byte from = ref Unsafe.Add(ref source, (uint)line.Start), to = ref Unsafe.Add(ref target, (uint)place);
            if (line.Length > ShorterLine)
                Copy(ref from, ref to, ShortLine);
            else if (line.Length > ShortestLine)
                Copy(ref from, ref to, ShortLine / 2);
            else
                Copy(ref from, ref to, ShortestLine);
            place += line.Length;
            Unsafe.Add(ref target, (uint)place++) = LineFeed;
        }

        next = i;
        written = place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref byte from, ref byte to, int length)
    {
        Work.Add(length);
        Unsafe.CopyBlockUnaligned(ref to, ref from, (uint)length);
    }
}
