using System.Text;

namespace Rx.Sse.Parsing;

/// <summary>
/// The last event ID of a stream: set by blocks, kept across connections, sent on reconnecting.
/// Held as bytes, so that a consumer who never looks at it makes no strings.
/// </summary>
internal sealed class LastEventIdBuffer
{
    private byte[] _utf8;

    /// <summary>How much of <see cref="_utf8"/> counts; the array is kept when a shorter ID follows a longer one.</summary>
    private int _length;

    /// <summary>The same as text, once somebody has asked for it; every event up to the next ID shares it.</summary>
    private string? _text;

    public LastEventIdBuffer(string text)
    {
        _utf8 = Encoding.UTF8.GetBytes(text);
        _length = _utf8.Length;
        _text = text;
    }

    public ReadOnlySpan<byte> Utf8 => _utf8.AsSpan(0, _length);

    public string Text => _text ??= Utf8Text.Decode(Utf8);

    public void Set(ReadOnlySpan<byte> utf8)
    {
        if (utf8.SequenceEqual(Utf8))
            return;

        if (utf8.Length > _utf8.Length)
            _utf8 = new byte[Math.Max(utf8.Length, 2 * _utf8.Length)];
        utf8.CopyTo(_utf8);
        _length = utf8.Length;
        _text = null;
    }
}
