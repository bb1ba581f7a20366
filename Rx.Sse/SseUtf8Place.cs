namespace Rx.Sse;

/// <summary>Where some bytes are: in the chunk that is being read or, where an earlier one has brought them, in an array.</summary>
internal struct SseUtf8Place
{
    private byte[]? _array;

    public int Start { get; private set; }

    public int Length { get; private set; }

    public readonly bool IsInChunk => _array is null;

    public void SetInChunk(int start, int length)
    {
        _array = null;
        Start = start;
        Length = length;
    }

    public void SetInArray(byte[] array, int length)
    {
        _array = array;
        Start = 0;
        Length = length;
    }

    public readonly ReadOnlySpan<byte> In(ReadOnlySpan<byte> chunk) => _array is null ? chunk.Slice(Start, Length) : _array.AsSpan(Start, Length);
}

/// <summary>Where the value of a data line is in the chunk that is being read.</summary>
internal readonly record struct SseUtf8Line(int Start, int Length);
