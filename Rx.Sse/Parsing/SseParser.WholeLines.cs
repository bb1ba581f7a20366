using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <content>
/// The fast path: the lines that lie whole in a chunk. What it makes of them is what the plain path would make; it only remembers where the
/// values are instead of copying them.
/// </content>
internal sealed partial class SseParser
{
    /// <summary>
    /// After a block of at least 24 bytes, the search for line ends starts again where the next block begins. Its line ends are then at
    /// nearly the same places of the window each time, which the branch predictor learns. A shorter block is not worth a search.
    /// </summary>
    private const int LongBlock = 24;

    /// <summary>
    /// Reads lines from the start of a chunk that is no shorter than a window, and takes from it what it has read. There must be no unfinished line.
    /// </summary>
    private SseFeedResult ReadWholeLines(ref ReadOnlySpan<byte> chunk)
    {
        // A large chunk may go beyond the limit; the other path counts.
        if (chunk.Length > _maxEventSize - _blockSize)
            return SseFeedResult.NeedsMore;

        _hasSeenComment = false;
        ReadOnlySpan<byte> input = chunk;
        int window = 0;
        ulong ends = LineScanner.Find(input, 0);
        SseFields present = Present;
        SseFeedResult result = SseFeedResult.NeedsMore;
        int dataStart = 0, dataLength = 0;
        int blockStart = 0;
        int lineStart = 0;
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
            int next = end + 1;
            if (input[end] == CarriageReturn)
            {
                // Whether an LF follows is not known yet.
                if (next == input.Length)
                    break;
                if (input[next] == LineFeed)
                    next++;
            }

            int start = lineStart;
            lineStart = next;

            // The end is before the start only where the bytes have changed since the scan: a CR before what was an LF.
            if (end <= start)
            {
                if (next - blockStart >= LongBlock)
                    ends = LineScanner.Find(input, window = next);
                blockStart = next;
                if (present == SseFields.None)
                    continue;

                bool goOn = EndBlock(input, present, dataStart, dataLength);
                present = SseFields.None;
                if (goOn)
                    continue;
                result = SseFeedResult.Stopped;
                break;
            }

            ulong head = HeadAt(input, start);
            if (SseFieldNames.IsData(head))
            {
                start = ValueStart(input, start + "data:".Length, end);
                if ((present & SseFields.Data) == 0)
                {
                    present |= SseFields.Data;
                    dataStart = start;
                    dataLength = end - start;
                    continue;
                }

                present |= AddDataLine(input, start, end, present, dataStart, dataLength);
            }
            else if ((byte)head == Colon)
            {
                _hasSeenComment = true;
                if (_wantsComments && !_sink.OnComment(input[(start + 1)..end]))
                {
                    result = SseFeedResult.Stopped;
                    break;
                }
            }
            else if (SseFieldNames.IsEvent(head))
            {
                start = ValueStart(input, start + "event:".Length, end);
                present |= SseFields.Event;
                EventPlace = new SseUtf8Place(start, end - start);
            }
            else if (SseFieldNames.IsId(head))
            {
                start = ValueStart(input, start + "id:".Length, end);
                if (!LineScanner.ContainsNull(input, start, end))
                {
                    present |= SseFields.Id;
                    IdPlace = new SseUtf8Place(start, end - start);
                }
            }
            else
            {
                present |= ReadUnusualLine(input, start, end, present, dataStart, dataLength);
            }
        }

        Present = present;
        KeepUnfinished(input, dataStart, dataLength);
        _blockSize = SizeOfLines(input[blockStart..lineStart], blockStart == 0 ? _blockSize : 0);
        chunk = input[lineStart..];
        return result;
    }

    /// <summary>Dispatches a block at its blank line. False if the sink has stopped. Not a part of the loop, whose variables are then kept in registers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool EndBlock(ReadOnlySpan<byte> chunk, SseFields present, int dataStart, int dataLength)
    {
        Present = present;
        if ((present & SseFields.Id) != 0)
            _lastEventId.Set(Id(chunk));
        if ((present & SseFields.Data) == 0)
            return true;

        ReadOnlySpan<byte> data = (present & SseFields.SplitData) == 0 ? chunk.Slice(dataStart, dataLength) : _data.Span;
        bool goOn = _sink.OnEvent(data, chunk, this);
        if ((present & SseFields.SplitData) != 0)
            ClearData();
        return goOn;
    }

    /// <summary>The first eight bytes of a line, the first one lowest. Zeros stand for what is beyond the chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HeadAt(ReadOnlySpan<byte> input, int start)
    {
        int last = input.Length - sizeof(ulong);
        return start <= last
            ? BinaryPrimitives.ReadUInt64LittleEndian(input[start..])
            : BinaryPrimitives.ReadUInt64LittleEndian(input[last..]) >> 8 * (start - last);
    }

    /// <summary>Where a value begins. The line may end with its colon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ValueStart(ReadOnlySpan<byte> input, int afterColon, int end)
    {
        // The colon is beyond the end only where the bytes have changed since the scan.
        if (afterColon >= end)
            return end;
        return input[afterColon] == Space ? afterColon + 1 : afterColon;
    }

    /// <summary>Copies a data line of a block that has several, and the first one as well if it is still only a place in the chunk.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SseFields AddDataLine(ReadOnlySpan<byte> chunk, int start, int end, SseFields present, int dataStart, int dataLength)
    {
        if ((present & (SseFields.Data | SseFields.SplitData)) == SseFields.Data)
            AppendDataLine(chunk.Slice(dataStart, dataLength));
        AppendDataLine(chunk[start..end]);
        return SseFields.Data | SseFields.SplitData;
    }

    /// <summary>A field without a colon, one that few streams have, or one that nobody knows. Returns what the block has by it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private SseFields ReadUnusualLine(ReadOnlySpan<byte> chunk, int start, int end, SseFields present, int dataStart, int dataLength)
    {
        SseFieldName name = SseFieldNames.Read(chunk[start..end], out int valueStart);
        start += valueStart;
        switch (name)
        {
            case SseFieldName.Data:
                return AddDataLine(chunk, start, end, present, dataStart, dataLength);
            case SseFieldName.Event:
                EventPlace = new SseUtf8Place(start, end - start);
                return SseFields.Event;
            case SseFieldName.Id:
                IdPlace = new SseUtf8Place(start, end - start);
                return SseFields.Id;
            case SseFieldName.Retry:
                return ReadRetry(chunk[start..end]);
            default:
                return SseFields.None;
        }
    }

    /// <summary>Keeps what the chunk had of a block whose end it has not, and the last ID that has taken effect.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void KeepUnfinished(ReadOnlySpan<byte> chunk, int dataStart, int dataLength)
    {
        // Those that an earlier chunk has brought stay where they are.
        if (!Has(SseFields.Event))
            _event.Clear();
        else if (EventPlace.IsInChunk)
            KeepEvent(Event(chunk));
        if (!Has(SseFields.Id))
            _id.Clear();
        else if (IdPlace.IsInChunk)
            KeepId(Id(chunk));
        if (Has(SseFields.Data) && !Has(SseFields.SplitData))
        {
            Present |= SseFields.SplitData;
            AppendDataLine(chunk.Slice(dataStart, dataLength));
        }
    }

    /// <summary>The size of a block's lines, without comments and line ends, together with those of earlier chunks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SizeOfLines(ReadOnlySpan<byte> lines, int size)
    {
        if (!_hasSeenComment)
            return size + lines.Length - LineScanner.CountBytes(lines);

        Work.Add(lines.Length);
        while (!lines.IsEmpty)
        {
            // There is no line end left only where the bytes have changed since the scan.
            int end = lines.IndexOfAny(CarriageReturn, LineFeed);
            if (end < 0)
                return size + lines.Length;
            if (lines[0] != Colon)
                size += end;
            lines = lines[(end + 1)..];
        }

        return size;
    }
}
