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

    /// <summary>The text is that of an ID whose bytes are yet to be set: the parser sets those of a chunk's last one alone.</summary>
    private bool _isTextAhead;

    public LastEventIdBuffer(string text)
    {
        _utf8 = text.Length == 0 ? [] : Encoding.UTF8.GetBytes(text);
        _length = _utf8.Length;
        _text = text;
    }

    public ReadOnlySpan<byte> Utf8 => _utf8.AsSpan(0, _length);

    public string Text => _text ??= Utf8Decoder.Decode(Utf8);

    /// <summary>The last ID as a <see cref="NumericId"/>, or zero if it is none, or none that an event has brought: then there is its text.</summary>
    public ulong Number { get; private set; }

    /// <summary>Takes the ID that an event is about to set, or has set already, and makes a number or a text of it.</summary>
    public void Take(ReadOnlySpan<byte> id)
    {
        ulong number = NumericId.Pack(id);
        Number = number;
        if (number != 0)
        {
            _isTextAhead = false;
            _text = null;
            return;
        }

        _isTextAhead = true;
        _text = Utf8Decoder.Decode(id);
    }

    /// <summary>Sets an ID that no event has brought.</summary>
    public void Set(ReadOnlySpan<byte> utf8)
    {
        Number = 0;
        _isTextAhead = false;
        SetLastOfChunk(utf8);
    }

    /// <summary>Sets the ID of the last event that had one. If there was a wish for its text, that is there.</summary>
    public void SetLastOfChunk(ReadOnlySpan<byte> utf8)
    {
        if (!_isTextAhead)
            _text = null;
        _isTextAhead = false;
        if (utf8.Length > _utf8.Length)
            _utf8 = new byte[Math.Max(utf8.Length, 2 * _utf8.Length)];
        utf8.CopyTo(_utf8);
        _length = utf8.Length;
    }
}
