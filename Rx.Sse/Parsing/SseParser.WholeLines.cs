#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#endif
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <content>
/// The fast path: the lines that lie whole in a chunk. What it makes of them is what the plain path would make; it only remembers where the
/// values are instead of copying them.
/// </content>
internal sealed partial class SseParser<TSink>
{
    /// <summary>
    /// After a block of so many bytes, the search for line ends begins anew: it then finds the next one's at nearly the same places each time, whereas what
    /// is left in a window is a line end or none as it happens, which no processor foresees. But it looks at 64 bytes.
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
        ref byte first = ref MemoryMarshal.GetReference(input);
        int window = 0;
        ulong ends = LineEnds.Find(ref first, input.Length, 0);
        SseFields present = Present;
        SseFeedResult result = SseFeedResult.NeedsMore;
        int dataStart = 0, dataLength = 0;
        int blockStart = 0;
        int lineStart = 0;
        while (true)
        {
            if (ends == 0)
            {
                (window, ends) = LineEnds.Next(ref first, input.Length, window);
                if (ends == 0)
                    break;
            }

            int end = window + LineEnds.LowestOf(ends);
            ends &= ends - 1;
            int next = end + 1;
            if (Unsafe.Add(ref first, (uint)end) == CarriageReturn)
            {
                // Whether an LF follows is not known yet.
                if (next == input.Length)
                    break;
                if (Unsafe.Add(ref first, next) == LineFeed)
                    next++;
            }

            int start = lineStart;
            lineStart = next;
            if (start == end)
            {
                if (next - blockStart >= LongBlock)
                    ends = LineEnds.Find(ref first, input.Length, window = next);
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

            ulong head = HeadAt(ref first, start, input.Length);
            if (SseFieldNames.IsData(head))
            {
                start = ValueStart(ref first, start + "data:".Length);
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
                start = ValueStart(ref first, start + "event:".Length);
                present |= SseFields.Event;
                EventPlace = new SseUtf8Place(start, end - start);
            }
            else if (SseFieldNames.IsId(head))
            {
                start = ValueStart(ref first, start + "id:".Length);
                if (!ContainsNull(input, start, end))
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
            SetLastEventId(chunk);
        if ((present & SseFields.Data) == 0)
            return true;

        ReadOnlySpan<byte> data = (present & SseFields.SplitData) == 0 ? chunk.Slice(dataStart, dataLength) : _data.Span;
        bool goOn = _sink.OnEvent(new SseUtf8Event(data, chunk, this));
        if ((present & SseFields.SplitData) != 0)
            ClearData();
        return goOn;
    }

    /// <summary>The first eight bytes of a line, the very first one lowest. Zeros stand for what is beyond the chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HeadAt(ref byte input, int start, int length)
    {
        int last = length - sizeof(ulong);
        return start <= last ? HeadAt(ref input, start) : HeadAt(ref input, last) >> 8 * (start - last);
    }

    /// <summary>The same, where all eight are in the chunk. Here and elsewhere, a place is unsigned, for it costs an instruction to make a long of an int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong HeadAt(ref byte input, int start)
    {
        ulong head = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref input, (uint)start));
        return BitConverter.IsLittleEndian ? head : BinaryPrimitives.ReverseEndianness(head);
    }

    /// <summary>Where a value begins. A line that ends with its colon has a line end there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ValueStart(ref byte input, int afterColon) => Unsafe.Add(ref input, (uint)afterColon) == Space ? afterColon + 1 : afterColon;

    /// <summary>Whether there is a NUL between these two; an ordinary ID takes one comparison.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ContainsNull(ReadOnlySpan<byte> chunk, int start, int end)
    {
#if NET
        if (end - start <= Vector128<byte>.Count && start + Vector128<byte>.Count <= chunk.Length)
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(ref Unsafe.Add(ref MemoryMarshal.GetReference(chunk), start));
            return BitOperations.TrailingZeroCount(Vector128.Equals(bytes, Vector128<byte>.Zero).ExtractMostSignificantBits()) < end - start;
        }
#endif
        return chunk[start..end].IndexOf((byte)0) >= 0;
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
        if (LastEventIdPlace.IsInChunk)
        {
            _lastEventId.SetLastOfChunk(LastEventIdPlace.In(chunk));
            LastEventIdPlace = SseUtf8Place.Kept;
        }

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
            return size + lines.Length - LineEnds.CountBytes(lines);

        Work.Add(lines.Length);
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOfAny(CarriageReturn, LineFeed);
            if (lines[0] != Colon)
                size += end;
            lines = lines[(end + 1)..];
        }

        return size;
    }
}
