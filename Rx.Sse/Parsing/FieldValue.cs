namespace Rx.Sse.Parsing;

/// <summary>
/// The value of a field: a slice of the current chunk, or a copy of it. A mutable struct: store it in a field, and
/// never copy it.
/// </summary>
internal struct FieldValue
{
    private int _start, _length;

    private bool _isCopied;

    private PooledBuffer _copy;

    public readonly ReadOnlySpan<byte> In(ReadOnlySpan<byte> chunk) =>
        _isCopied ? _copy.Span : chunk.Slice(_start, _length);

    public void Set(int start, int end)
    {
        _start = start;
        _length = end - start;
        _isCopied = false;
    }

    /// <summary>Copies the value before the chunk becomes invalid, or before more is appended.</summary>
    public void Keep(ReadOnlySpan<byte> chunk)
    {
        if (_isCopied)
            return;
        _copy.Clear();
        _copy.Append(chunk.Slice(_start, _length));
        _isCopied = true;
    }

    /// <summary>Appends to the copy.</summary>
    public void Append(ReadOnlySpan<byte> more) => _copy.Append(more);

    /// <summary>Appends an LF and a line to the copy. The span may continue after the line.</summary>
    public void AppendLine(ReadOnlySpan<byte> line, int length) => _copy.Append((byte)'\n', line, length);

    /// <inheritdoc cref="PooledBuffer.Trim"/>
    public void Trim(int size, bool isUsed) => _copy.Trim(size, isUsed);
}
