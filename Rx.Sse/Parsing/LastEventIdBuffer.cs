using System.Text;

namespace Rx.Sse.Parsing;

/// <summary>
/// The last event ID of a stream: set by blocks, kept across connections, and sent when the stream reconnects. It is
/// stored as bytes, so that no string is created unless someone reads it.
/// </summary>
internal sealed class LastEventIdBuffer(string text)
{
    /// <summary>A larger array is replaced if the ID takes less than a quarter of it.</summary>
    private const int LargestKept = 1024;

    private const int SmallestArray = 16;

    private byte[] _utf8 = text.Length == 0 ? [] : Encoding.UTF8.GetBytes(text);

    /// <summary>The number of bytes of <see cref="_utf8"/> in use.</summary>
    private int _length = Encoding.UTF8.GetByteCount(text);

    /// <summary>The decoded ID, which all events up to the next ID share; null until it is read.</summary>
    private string? _text = text;

    /// <summary>Gets whether the server has sent an ID; until then, the value is that of the options.</summary>
    public bool IsSet { get; private set; }

    public ReadOnlySpan<byte> Utf8 => _utf8.AsSpan(0, _length);

    public string Text => _text ??= Utf8Decoder.Decode(Utf8);

    /// <summary>The size of the array, in bytes.</summary>
    public int Capacity => _utf8.Length;

    public void Set(ReadOnlySpan<byte> utf8)
    {
        IsSet = true;
        _text = null;
        bool isTooLarge = _utf8.Length > LargestKept && _utf8.Length / 4 > utf8.Length;
        if (isTooLarge || utf8.Length > _utf8.Length)
            _utf8 = new byte[Math.Max(utf8.Length, SmallestArray)];
        utf8.CopyTo(_utf8);
        _length = utf8.Length;
    }
}
