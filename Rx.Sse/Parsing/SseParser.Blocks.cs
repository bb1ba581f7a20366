#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#endif
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <content>
/// The fast path: blocks that lie whole in a chunk, with the fields that nearly all blocks have. What it finds is what
/// the line by line path would find, and wherever it has a doubt it leaves the block to that one, from its first byte.
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

    /// <summary>Reads blocks from the start of the chunk, and takes from it what it has read. There must be no unfinished line or block.</summary>
    private SseFeedResult ReadBlocks(ref ReadOnlySpan<byte> chunk)
    {
        // Such a chunk may go beyond the limit; the other path counts.
        int length = chunk.Length;
        if (length < LineEnds.SmallestInput || length > _maxEventSize)
            return SseFeedResult.NeedsMore;

        ref byte input = ref MemoryMarshal.GetReference(chunk);
        var lineEnds = new LineEnds(chunk);
        var block = new SseUtf8Event { LastEventId = _lastEventId.Utf8 };
        SseFeedResult result = SseFeedResult.NeedsMore;

        // All before has been read. Here begins a block, or a comment before one.
        int blockStart = 0;
        int lineStart = 0;

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
                blockStart = next;
                if (block.HasId)
                {
                    hasLastEventId = block.HasData;
                    lastEventId = block.LastEventId;
                    if (!block.HasData)
                        _lastEventId.Set(lastEventId);
                }

                if (_data.Length > 0)
                    block.Data = _data.Span;
                if (block.HasData && !_sink.OnEvent(block))
                {
                    result = SseFeedResult.Stopped;
                    break;
                }

                block.Clear();
                _data.Clear();
            }
            else if (Unsafe.Add(ref input, lineStart) == Colon)
            {
                // A comment within a block is left to the other path, for it must be reported once.
                if (lineStart != blockStart)
                    break;
                blockStart = next;
                if (_sink.WantsComments && !_sink.OnComment(chunk[(lineStart + 1)..end]))
                {
                    result = SseFeedResult.Stopped;
                    break;
                }
            }
            else if (lineStart > length - HeadSize || !TryReadField(chunk, lineStart, end, ref block))
            {
                break;
            }

            if (_data.Length > 0 && next - lineStart >= LongLine)
                lineEnds.MoveTo(next);
            lineStart = next;
        }

        Work.Add(lineEnds.Position);
        if (hasLastEventId)
            _lastEventId.SetLastOfChunk(lastEventId);
        _data.Clear();
        chunk = chunk[blockStart..];
        return result;
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
            block.LastEventId = Value(chunk, lineStart + "id:".Length, end);
            block.HasId = true;
            return !ContainsNull(chunk, lineStart, end);
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
