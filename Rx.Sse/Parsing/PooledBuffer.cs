using System.Buffers;

namespace Rx.Sse.Parsing;

/// <summary>Bytes that are appended to, in an array from the shared pool. A mutable struct: keep it in a field, never copy it.</summary>
internal struct PooledBuffer
{
    private const int SmallestArray = 256;

    private byte[]? _array;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;

        Reserve(bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1);
        _array![Length++] = value;
    }

    /// <summary>Forgets the bytes but keeps the array, for the next append is near.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives the array back if it holds nothing, so that an idle stream keeps no memory.</summary>
    public void TrimIfEmpty()
    {
        if (Length == 0)
            Release();
    }

    /// <summary>Forgets the bytes and gives the array back.</summary>
    public void Release()
    {
        byte[]? array = _array;
        _array = null;
        Length = 0;
        if (array is not null)
            ArrayPool<byte>.Shared.Return(array);
    }

    /// <summary>Makes room by doubling, which keeps the copying linear in the bytes appended.</summary>
    private void Reserve(int more)
    {
        int needed = checked(Length + more);
        if (_array is not null && needed <= _array.Length)
            return;

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(SmallestArray, (int)Math.Min(2L * Length, int.MaxValue / 2))));
        Span.CopyTo(larger);
        if (_array is not null)
            ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
