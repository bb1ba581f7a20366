using System.Buffers;

namespace Rx.Sse.Parsing;

/// <summary>
/// A growing buffer in an array from the shared pool. A mutable struct: store it in a field, and never copy it.
/// </summary>
internal struct PooledBuffer
{
    private const int SmallestArray = 256, LargeArray = 4 * 1024, ShortCopy = 64;

    private byte[]? _array;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        Work.Add(bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Appends a byte, then the first <paramref name="length"/> bytes of a span.</summary>
    public void Append(byte value, ReadOnlySpan<byte> bytes, int length)
    {
        Work.Add(length);
        Span<byte> target = Reserve(1 + length);
        target[0] = value;
        Length += 1 + length;

        // A copy of fixed length takes a few instructions. The bytes after the line are beyond Length.
        if (length <= ShortCopy && bytes.Length >= ShortCopy && target.Length > ShortCopy)
            bytes[..ShortCopy].CopyTo(target[1..]);
        else
            bytes[..length].CopyTo(target[1..]);
    }

    /// <summary>Removes the bytes. The array is used again.</summary>
    public void Clear() => Length = 0;

    /// <summary>
    /// Returns the array to the pool if the bytes are not in use and the array is larger than <paramref name="size"/>.
    /// If they are in use, replaces an array that is much too large for them.
    /// </summary>
    public void Trim(int size, bool isUsed)
    {
        if (!isUsed && _array?.Length > size)
        {
            byte[] array = _array;
            _array = null;
            Length = 0;
            ArrayPool<byte>.Shared.Return(array);
        }
        else if (isUsed && _array?.Length > LargeArray && _array.Length / 4 > Length)
            Grow(Length);
    }

    /// <summary>Returns space for more bytes. The array is doubled, so that copying is linear in the bytes.</summary>
    private Span<byte> Reserve(int more)
    {
        int needed = checked(Length + more);
        if (needed > (_array?.Length ?? 0))
            Grow(needed);
        return _array.AsSpan(Length);
    }

    private void Grow(int needed)
    {
        int doubled = Math.Max(SmallestArray, (int)Math.Min(2L * Length, int.MaxValue / 2));
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, doubled));
        Work.Add(Length);
        Span.CopyTo(larger);
        if (_array is not null)
            ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
