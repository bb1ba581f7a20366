namespace Rx.Sse.Parsing;

/// <summary>
/// The event stream parser of WHATWG HTML 9.2.6, pushed: takes the body in any chunks, reports each event as soon as
/// its last byte is there, and never waits, throws or looks at a byte more than a fixed number of times.
/// </summary>
/// <remarks>
/// A line that lies whole in a chunk is read where it is, and so is the value of a block's only data line. Bytes are
/// copied when the chunk ends before the line does, or before the block does.
/// </remarks>
internal sealed class SseParser<TSink>
    where TSink : struct, ISseSink
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const byte Colon = (byte)':';
    private const byte Space = (byte)' ';

    private readonly int _maxEventSize;

    private readonly LastEventIdBuffer _lastEventId;

    private readonly TSink _sink;

    /// <summary>How much of a byte order mark the stream began with so far; its full length once that is settled.</summary>
    private int _byteOrderMark;

    /// <summary>The last line ended with CR: one LF directly after it, also in the next chunk, belongs to that line end.</summary>
    private bool _skipLineFeed;

    /// <summary>The start of a line whose end is not there yet.</summary>
    private PooledBuffer _line;

    /// <summary>The size of the block's lines so far, without comments and line ends; bounded by the limit.</summary>
    private long _blockSize;

    /// <summary>The block has a data line. Only then is it dispatched.</summary>
    private bool _hasData;

    /// <summary>The block's data lines so far, joined with LF, unless its only one still lies in the chunk.</summary>
    private PooledBuffer _data;

    /// <summary>The block has an event line; the last one counts.</summary>
    private bool _hasEvent;

    private PooledBuffer _event;

    /// <summary>The block has a valid id line; the last one counts, and takes effect only at the blank line.</summary>
    private bool _hasId;

    private PooledBuffer _id;

    /// <summary>The block's own retry, for its event; the stream's was reported when the line was read.</summary>
    private TimeSpan? _retry;

    public SseParser(TSink sink, LastEventIdBuffer lastEventId, int maxEventSize)
    {
        _sink = sink;
        _lastEventId = lastEventId;
        _maxEventSize = maxEventSize;
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Takes the next bytes of the stream. What it returns other than <see cref="SseFeedResult.NeedsMore"/> is final.</summary>
    public SseFeedResult Feed(ReadOnlySpan<byte> chunk)
    {
        if (_byteOrderMark < ByteOrderMark.Length)
            SkipByteOrderMark(ref chunk);

        if (_skipLineFeed && !chunk.IsEmpty)
        {
            _skipLineFeed = false;
            if (chunk[0] == LineFeed)
                chunk = chunk[1..];
        }

        // The value of the block's only data line so far, if that line lies whole in this chunk.
        ReadOnlySpan<byte> onlyData = default;
        SseFeedResult result = ReadLines(chunk, ref onlyData);
        _data.Append(onlyData);
        TrimBuffers();
        return result;
    }

    /// <summary>Forgets what the end of a connection cut off, and starts anew with the next. The last event ID stays.</summary>
    public void Reset()
    {
        _byteOrderMark = 0;
        _skipLineFeed = false;
        _line.Clear();
        ClearBlock();
        TrimBuffers();
    }

    private SseFeedResult ReadLines(ReadOnlySpan<byte> chunk, ref ReadOnlySpan<byte> onlyData)
    {
        while (!chunk.IsEmpty)
        {
            int end = chunk.IndexOfAny(CarriageReturn, LineFeed);
            if (end < 0)
            {
                _line.Append(chunk);
                return IsTooLarge(_line.Span) ? SseFeedResult.TooLarge : SseFeedResult.NeedsMore;
            }

            ReadOnlySpan<byte> line = chunk[..end];
            bool endsWithCarriageReturn = chunk[end] == CarriageReturn;
            chunk = chunk[(end + 1)..];
            if (endsWithCarriageReturn)
            {
                if (chunk.IsEmpty)
                    _skipLineFeed = true;
                else if (chunk[0] == LineFeed)
                    chunk = chunk[1..];
            }

            SseFeedResult result;
            if (_line.Length == 0)
            {
                result = ReadLine(line, inChunk: true, ref onlyData);
            }
            else
            {
                _line.Append(line);
                result = ReadLine(_line.Span, inChunk: false, ref onlyData);
                _line.Clear();
            }

            if (result != SseFeedResult.NeedsMore)
                return result;
        }

        return SseFeedResult.NeedsMore;
    }

    private SseFeedResult ReadLine(ReadOnlySpan<byte> line, bool inChunk, ref ReadOnlySpan<byte> onlyData)
    {
        // "If the line is empty (a blank line), dispatch the event."
        if (line.IsEmpty)
            return Dispatch(ref onlyData) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;

        if (IsTooLarge(line))
            return SseFeedResult.TooLarge;

        // "If the line starts with a U+003A COLON character (:), ignore the line."
        if (line[0] == Colon)
            return _sink.OnComment(line[1..]) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;

        _blockSize += line.Length;
        ReadField(line, inChunk, ref onlyData);
        return SseFeedResult.NeedsMore;
    }

    /// <summary>A comment is bounded by itself: a stream may go on with nothing but heartbeats and never end a block.</summary>
    private bool IsTooLarge(ReadOnlySpan<byte> line) =>
        line.Length + (line[0] == Colon ? 0 : _blockSize) > _maxEventSize;

    private void ReadField(ReadOnlySpan<byte> line, bool inChunk, ref ReadOnlySpan<byte> onlyData)
    {
        // "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
        // string. Collect the characters after it, and let value be that string. If value starts with a U+0020 SPACE
        // character, remove it." Without a colon, the whole line is the name and the value is empty.
        int colon = line.IndexOf(Colon);
        ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
        ReadOnlySpan<byte> value = colon < 0 ? default : line[(colon + 1)..];
        if (!value.IsEmpty && value[0] == Space)
            value = value[1..];

        if (name.SequenceEqual("data"u8))
        {
            AppendData(value, inChunk, ref onlyData);
        }
        else if (name.SequenceEqual("event"u8))
        {
            _hasEvent = true;
            _event.Clear();
            _event.Append(value);
        }
        else if (name.SequenceEqual("id"u8))
        {
            // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
            if (value.IndexOf((byte)0) < 0)
            {
                _hasId = true;
                _id.Clear();
                _id.Append(value);
            }
        }
        else if (name.SequenceEqual("retry"u8) && RetryField.TryParse(value, out TimeSpan time))
        {
            _retry = time;
            _sink.OnReconnectionTime(time);
        }
    }

    private void AppendData(ReadOnlySpan<byte> value, bool inChunk, ref ReadOnlySpan<byte> onlyData)
    {
        if (!_hasData && inChunk)
        {
            onlyData = value;
        }
        else
        {
            _data.Append(onlyData);
            onlyData = default;
            if (_hasData)
                _data.Append(LineFeed);
            _data.Append(value);
        }

        _hasData = true;
    }

    private bool Dispatch(ref ReadOnlySpan<byte> onlyData)
    {
        // "Set the last event ID string of the event source to the value of the last event ID buffer."
        if (_hasId)
            _lastEventId.Set(_id.Span);

        // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
        // return." Every data line adds a line feed to that buffer, so it is empty only where there was no such line.
        bool goOn = true;
        if (_hasData)
        {
            ReadOnlySpan<byte> data = _data.Length > 0 ? _data.Span : onlyData;
            goOn = _sink.OnEvent(new SseUtf8Event(data, _hasEvent, _event.Span, _hasId, _lastEventId.Utf8, _retry));
        }

        onlyData = default;
        ClearBlock();
        return goOn;
    }

    private void ClearBlock()
    {
        _blockSize = 0;
        _hasData = false;
        _data.Clear();
        _hasEvent = false;
        _event.Clear();
        _hasId = false;
        _id.Clear();
        _retry = null;
    }

    private void TrimBuffers()
    {
        _line.TrimIfEmpty();
        _data.TrimIfEmpty();
        _event.TrimIfEmpty();
        _id.TrimIfEmpty();
    }

    /// <summary>Drops one byte order mark at the very start. What only began like one belongs to the first line.</summary>
    private void SkipByteOrderMark(ref ReadOnlySpan<byte> chunk)
    {
        while (_byteOrderMark < ByteOrderMark.Length && !chunk.IsEmpty)
        {
            if (chunk[0] != ByteOrderMark[_byteOrderMark])
            {
                _line.Append(ByteOrderMark[.._byteOrderMark]);
                _byteOrderMark = ByteOrderMark.Length;
                return;
            }

            chunk = chunk[1..];
            _byteOrderMark++;
        }
    }
}
