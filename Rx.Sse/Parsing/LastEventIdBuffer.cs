using System.Text;

namespace Rx.Sse.Parsing;

/// <summary>
/// The last event ID of a stream: set by blocks, kept across connections, sent on reconnecting. Held as bytes, so that
/// a consumer who never looks at it makes no strings.
/// </summary>
internal sealed class LastEventIdBuffer(string text)
{
    /// <summary>A larger array is not kept for a shorter ID, so that one huge ID does not stay in memory.</summary>
    private const int LargestKept = 1024;

    private const int SmallestArray = 16;

    private byte[] _utf8 = text.Length == 0 ? [] : Encoding.UTF8.GetBytes(text);

    /// <summary>The number of bytes of <see cref="_utf8"/> in use. The array is kept for later IDs.</summary>
    private int _length = Encoding.UTF8.GetByteCount(text);

    /// <summary>The decoded ID, once it has been read. All events up to the next ID share it.</summary>
    private string? _text = text;

    /// <summary>Whether the stream has set the ID; until then it is the caller's.</summary>
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
