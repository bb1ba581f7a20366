using System.Buffers;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <summary>
/// Gathers chunks of a few bytes up to the end of a block, before which there is nothing to report but comments: to parse a block at once costs a
/// fraction of what it costs byte by byte. A mutable struct: keep it in a field, never copy it.
/// </summary>
internal struct SmallChunks
{
    /// <summary>Larger chunks are parsed as they come.</summary>
    private const int LargestChunk = 16;

    /// <summary>So many bytes are gathered; a longer block is parsed in such pieces.</summary>
    private const int Size = 256;

    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';

    private byte[]? _array;

    private int _count;

    /// <summary>How many may be gathered before the parser has to see them: none after a large chunk, or where an event is nearly too large.</summary>
    private int _capacity;

    public readonly bool IsEmpty => _count == 0;

    /// <summary>Before the first byte there may have been a line end.</summary>
    private readonly byte LastByte => _count == 0 ? LineFeed : _array![_count - 1];

    /// <summary>Gathers a chunk that ends no block. False if it may end one, or there is no room for it; then nothing has been done.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(ReadOnlySpan<byte> chunk)
    {
        int count = _count;
        if (chunk.Length != 1 || count >= _capacity)
            return TryAddSeveral(chunk);
        byte value = chunk[0];
        if (value <= CarriageReturn && MayEndBlock(value, LastByte))
            return false;

        Work.Add(1);
        _array![count] = value;
        _count = count + 1;
        return true;
    }

    /// <summary>
    /// What has been gathered, to be parsed before anything is added: together with the chunk, of which nothing is left then, if there is room for it.
    /// </summary>
    public ReadOnlySpan<byte> TakeWith(ref ReadOnlySpan<byte> chunk)
    {
        int count = _count;
        _count = 0;
        if (chunk.Length > _array!.Length - count)
            return _array.AsSpan(0, count);

        Work.Add(chunk.Length);
        chunk.CopyTo(_array.AsSpan(count));
        count += chunk.Length;
        chunk = default;
        return _array.AsSpan(0, count);
    }

    /// <summary>Has room for more chunks like the one that has just been parsed, if it was small.</summary>
    /// <param name="chunkSize">The size of that chunk.</param>
    /// <param name="sizeLeft">How many bytes may follow before an event is too large.</param>
    public void MakeRoom(int chunkSize, int sizeLeft)
    {
        _capacity = chunkSize > LargestChunk ? 0 : Math.Min(Size, sizeLeft);
        if (_capacity > 0)
            _array ??= ArrayPool<byte>.Shared.Rent(Size);
    }

    /// <summary>Forgets what has been gathered, and gives the memory back.</summary>
    public void Release()
    {
        byte[]? array = _array;
        _array = null;
        _count = _capacity = 0;
        if (array is not null)
            ArrayPool<byte>.Shared.Return(array);
    }

    /// <summary>An LF does so after another line end. A CR may be the second one itself, and whether an LF follows is not waited for.</summary>
    private static bool MayEndBlock(byte value, byte last) => value == CarriageReturn || value == LineFeed && last == LineFeed;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAddSeveral(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length > Math.Min(LargestChunk, _capacity - _count))
            return false;
        byte last = LastByte;
        foreach (byte value in chunk)
        {
            if (value <= CarriageReturn && MayEndBlock(value, last))
                return false;
            last = value;
        }

        Work.Add(2 * chunk.Length);
        chunk.CopyTo(_array.AsSpan(_count));
        _count += chunk.Length;
        return true;
    }
}
