#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#endif
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <content>
/// The fast path: lines that lie whole in a chunk, with the fields that nearly all lines have. What it makes of them is
/// what the plain path would make, and a line of which it has a doubt it leaves to that one.
/// </content>
internal sealed partial class SseParser<TSink>
{
    /// <summary>As many bytes as are compared at once to recognize a field; each line that is to be recognized has so many after its start.</summary>
    private const int HeadSize = sizeof(ulong);

    /// <summary>From one line of so many bytes to the next, of several with data, the search for line ends begins anew. It looks at 64 bytes each time.</summary>
    private const int LongLine = 24;

    private static readonly ulong DataHead = Head("data:"u8), DataMask = Mask("data:"u8);

    private static readonly ulong EventHead = Head("event:"u8), EventMask = Mask("event:"u8);

    private static readonly ulong IdHead = Head("id:"u8), IdMask = Mask("id:"u8);

    /// <summary>Reads lines from the start of the chunk, and takes from it what it has read. There must be no unfinished line.</summary>
    private SseFeedResult ReadUsualLines(ref ReadOnlySpan<byte> chunk)
    {
        // Such a chunk may go beyond the limit; the other path counts.
        int length = chunk.Length;
        if (length < LineEnds.SmallestInput || length > _maxEventSize - _blockSize)
            return SseFeedResult.NeedsMore;

        ref byte input = ref MemoryMarshal.GetReference(chunk);
        var lineEnds = new LineEnds(chunk);
        SseFeedResult result = SseFeedResult.NeedsMore;
        int lineStart = 0;

        // The block that the last chunk has begun, or else an empty one.
        SseUtf8Event block = UnfinishedBlock();
        long blockSize = _blockSize;

        // The last ID that has taken effect. It is set once, at the end: most chunks bring many.
        ReadOnlySpan<byte> lastEventId = default;
        bool hasLastEventId = false;
        while (lineEnds.TryNext(out int end))
        {
            // The LF of a CRLF, whose CR has ended the line already.
            if (end < lineStart)
                continue;

            int next = end + 1;
            if (Unsafe.Add(ref input, end) == CarriageReturn)
            {
                // Whether an LF follows is not known yet.
                if (next == length)
                    break;
                if (Unsafe.Add(ref input, next) == LineFeed)
                    next++;
            }

            if (end == lineStart)
            {
                if (block.HasId)
                {
                    hasLastEventId = block.HasData;
                    lastEventId = block.LastEventId;
                    if (!block.HasData)
                        _lastEventId.Set(lastEventId);
                }

                if (_data.Length > 0)
                    block.Data = _data.Span;
                lineStart = next;
                if (block.HasData && !_sink.OnEvent(block))
                {
                    result = SseFeedResult.Stopped;
                    break;
                }

                block.Clear();
                blockSize = 0;
                _data.Clear();
                continue;
            }

            if (Unsafe.Add(ref input, lineStart) == Colon)
            {
                if (_sink.WantsComments && !_sink.OnComment(chunk[(lineStart + 1)..end]))
                {
                    result = SseFeedResult.Stopped;
                    break;
                }
            }
            else
            {
                if (lineStart > length - HeadSize || !TryReadField(chunk, lineStart, end, ref block))
                    break;
                blockSize += end - lineStart;
                if (_data.Length > 0 && next - lineStart >= LongLine)
                    lineEnds.MoveTo(next);
            }

            lineStart = next;
        }

        Work.Add(lineEnds.Position);
        if (hasLastEventId)
            _lastEventId.SetLastOfChunk(lastEventId);
        KeepUnfinished(block, blockSize);
        chunk = chunk[lineStart..];
        return result;
    }

    /// <summary>What there is of the present block. Its data, unless they are empty, are in the buffer, where more are appended.</summary>
    private SseUtf8Event UnfinishedBlock()
    {
        var block = new SseUtf8Event { LastEventId = _lastEventId.Utf8 };
        if (_blockSize == 0)
            return block;

        block.HasData = _hasData;
        block.Retry = _retry;
        if (_hasEvent)
            block.Event = _event.Span;
        if (_hasId)
        {
            block.HasId = true;
            block.LastEventId = _id.Span;
        }

        return block;
    }

    /// <summary>Keeps what the chunk had of a block whose end it has not. The fields may lie in the buffers already.</summary>
    private void KeepUnfinished(in SseUtf8Event block, long size)
    {
        _blockSize = size;
        _retry = block.Retry;
        _hasData = block.HasData;
        if (_hasData && _data.Length == 0)
            _data.Append(block.Data);
        _hasEvent = block.HasEvent;
        _event.Set(block.Event);
        _hasId = block.HasId;
        _id.Set(block.Id);
    }

    /// <summary>False for a field that is left to the other path.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadField(ReadOnlySpan<byte> chunk, int lineStart, int end, ref SseUtf8Event block)
    {
        ulong head = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(chunk), lineStart));
        if ((head & DataMask) == DataHead)
        {
            int start = lineStart + "data:".Length;
            if (chunk[start] == Space)
                start++;
            if (block.HasData)
            {
                // At once for all that the chunk may bring, so that the buffer does not grow line by line.
                if (_data.Length == 0)
                    _data.Append(block.Data, block.Data.Length + (chunk.Length - start) + PooledBuffer.ShortCopy);
                _data.Append(LineFeed, chunk[start..], end - start);
                return true;
            }

            block.Data = chunk[start..end];
            block.HasData = true;
            return true;
        }

        if ((head & EventMask) == EventHead)
        {
            block.Event = Value(chunk, lineStart + "event:".Length, end);
            return true;
        }

        if ((head & IdMask) == IdHead)
        {
            if (ContainsNull(chunk, lineStart, end))
                return false;
            block.LastEventId = Value(chunk, lineStart + "id:".Length, end);
            block.HasId = true;
            return true;
        }

        return false;
    }

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

    /// <summary>The value after the colon. Where the line ends with the colon, there is its end to look at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> chunk, int afterColon, int end)
    {
        int start = chunk[afterColon] == Space ? afterColon + 1 : afterColon;
        return chunk[start..end];
    }

    private static ulong Head(ReadOnlySpan<byte> field)
    {
        Span<byte> bytes = stackalloc byte[HeadSize];
        bytes.Clear();
        field.CopyTo(bytes);
        return MemoryMarshal.Read<ulong>(bytes);
    }

    private static ulong Mask(ReadOnlySpan<byte> field)
    {
        Span<byte> bytes = stackalloc byte[HeadSize];
        bytes.Clear();
        bytes[..field.Length].Fill(0xFF);
        return MemoryMarshal.Read<ulong>(bytes);
    }
}
