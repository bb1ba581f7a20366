namespace Rx.Sse.Parsing;

/// <summary>
/// The event stream parser of WHATWG HTML 9.2.6, pushed: takes the body in any chunks, reports each event as soon as
/// its last byte is there, and never waits, throws or looks at a byte more than a fixed number of times.
/// </summary>
/// <remarks>
/// There are two ways through it. This file reads line by line, keeps what a chunk cuts off, and knows every rule.
/// <c>SseParser.Blocks.cs</c> reads blocks of the usual fields that lie whole in a chunk where they are, without a
/// copy, and leaves all others to this one.
/// </remarks>
internal sealed partial class SseParser<TSink>
    where TSink : struct, ISseSink
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const byte Colon = (byte)':';
    private const byte Space = (byte)' ';

    /// <summary>In chunks this small, looking at the bytes one by one finds the line end sooner than a vectorized search.</summary>
    private const int SmallChunk = 16;

    private readonly int _maxEventSize;

    private readonly LastEventIdBuffer _lastEventId;

    private readonly TSink _sink;

    /// <summary>How much of a byte order mark the stream began with so far; its full length once that is settled.</summary>
    private int _byteOrderMark;

    /// <summary>The last line ended with CR: one LF directly after it, also in the next chunk, belongs to that line end.</summary>
    private bool _skipLineFeed;

    /// <summary>How much of a line is there whose end is not; what of it must be kept is in <see cref="_line"/> or <see cref="_data"/>.</summary>
    private int _lineSize;

    /// <summary>The start of that line, unless it is a data line.</summary>
    private PooledBuffer _line;

    /// <summary>That line is a data line; its value goes straight to the end of <see cref="_data"/>.</summary>
    private bool _isInData;

    /// <summary>The size of the block's lines so far, without comments and line ends; bounded by the limit. Zero between blocks.</summary>
    private long _blockSize;

    /// <summary>The block has a data line. Only then is it dispatched.</summary>
    private bool _hasData;

    /// <summary>The block's data lines so far, joined with LF.</summary>
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

    private static ReadOnlySpan<byte> DataField => "data:"u8;

    /// <summary>Takes the next bytes of the stream. What it returns other than <see cref="SseFeedResult.NeedsMore"/> is final.</summary>
    public SseFeedResult Feed(ReadOnlySpan<byte> chunk)
    {
        if (IsMiddleOfLine(chunk))
        {
            ReadUnfinishedLine(chunk);
            return SseFeedResult.NeedsMore;
        }

        if (_byteOrderMark < ByteOrderMark.Length)
            SkipByteOrderMark(ref chunk);

        if (_skipLineFeed && !chunk.IsEmpty)
        {
            _skipLineFeed = false;
            if (chunk[0] == LineFeed)
                chunk = chunk[1..];
        }

        SseFeedResult result = SseFeedResult.NeedsMore;
        while (!chunk.IsEmpty && result == SseFeedResult.NeedsMore)
        {
            if (_blockSize == 0 && _lineSize == 0)
                result = ReadBlocks(ref chunk);
            if (result == SseFeedResult.NeedsMore)
                result = ReadLines(ref chunk);
        }

        // Between blocks: where a stream falls idle.
        if (_blockSize == 0)
            TrimBuffers();
        return result;
    }

    /// <summary>Forgets what the end of a connection cut off, and starts anew with the next. The last event ID stays.</summary>
    public void Reset()
    {
        _byteOrderMark = 0;
        _skipLineFeed = false;
        ClearLine();
        ClearBlock();
        TrimBuffers();
    }

    /// <summary>A few bytes that neither begin nor end a line, nor go beyond the limit: all that most chunks of a stream are that drips.</summary>
    private bool IsMiddleOfLine(ReadOnlySpan<byte> chunk) =>
        _lineSize > 0 && chunk.Length <= SmallChunk && _blockSize + _lineSize + chunk.Length <= _maxEventSize && IndexOfLineEnd(chunk) < 0;

    /// <summary>Reads lines to the end of the block, or of the chunk.</summary>
    private SseFeedResult ReadLines(ref ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            int end = IndexOfLineEnd(chunk);
            Work.Add(end < 0 ? chunk.Length : end + 1);
            if (end < 0)
            {
                ReadUnfinishedLine(chunk);
                chunk = default;
                return IsTooLarge(_lineSize, isComment: !_isInData && _line.Span[0] == Colon) ? SseFeedResult.TooLarge : SseFeedResult.NeedsMore;
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

            // "If the line is empty (a blank line), dispatch the event."
            if (line.IsEmpty && _lineSize == 0)
                return Dispatch() ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;

            SseFeedResult result = FinishLine(line);
            if (result != SseFeedResult.NeedsMore)
                return result;
        }

        return SseFeedResult.NeedsMore;
    }

    private static int IndexOfLineEnd(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length > SmallChunk)
            return chunk.IndexOfAny(CarriageReturn, LineFeed);

        for (int i = 0; i < chunk.Length; i++)
        {
            if (chunk[i] is LineFeed or CarriageReturn)
                return i;
        }

        return -1;
    }

    private void ReadUnfinishedLine(ReadOnlySpan<byte> part)
    {
        _lineSize += part.Length;
        if (_isInData)
        {
            _data.Append(part);
            return;
        }

        // Only with the byte after the colon is it known where the value begins.
        bool mayBeData = _line.Length <= DataField.Length;
        _line.Append(part);
        if (mayBeData && _lineSize > DataField.Length && _line.Span.StartsWith(DataField))
        {
            _isInData = true;
            AppendData(WithoutSpace(_line.Span[DataField.Length..]));
            _line.Clear();
        }
    }

    private SseFeedResult FinishLine(ReadOnlySpan<byte> rest)
    {
        if (_lineSize == 0)
            return ReadLine(rest);

        ReadUnfinishedLine(rest);
        SseFeedResult result = SseFeedResult.NeedsMore;
        if (!_isInData)
            result = ReadLine(_line.Span);
        else if (IsTooLarge(_lineSize, isComment: false))
            result = SseFeedResult.TooLarge;
        else
            _blockSize += _lineSize;
        ClearLine();
        return result;
    }

    private SseFeedResult ReadLine(ReadOnlySpan<byte> line)
    {
        // "If the line starts with a U+003A COLON character (:), ignore the line."
        bool isComment = line[0] == Colon;
        if (IsTooLarge(line.Length, isComment))
            return SseFeedResult.TooLarge;
        if (isComment)
            return !_sink.WantsComments || _sink.OnComment(line[1..]) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;

        _blockSize += line.Length;
        ReadField(line);
        return SseFeedResult.NeedsMore;
    }

    /// <summary>A comment is bounded by itself: a stream may go on with nothing but heartbeats and never end a block.</summary>
    private bool IsTooLarge(int lineSize, bool isComment) => lineSize + (isComment ? 0 : _blockSize) > _maxEventSize;

    private void ReadField(ReadOnlySpan<byte> line)
    {
        // "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
        // string. Collect the characters after it, and let value be that string. If value starts with a U+0020 SPACE
        // character, remove it." Without a colon, the whole line is the name and the value is empty.
        int colon = line.IndexOf(Colon);
        ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
        ReadOnlySpan<byte> value = colon < 0 ? default : WithoutSpace(line[(colon + 1)..]);

        if (name.SequenceEqual("data"u8))
        {
            AppendData(value);
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

    private static ReadOnlySpan<byte> WithoutSpace(ReadOnlySpan<byte> value) => !value.IsEmpty && value[0] == Space ? value[1..] : value;

    /// <summary>Begins a data line with what there is of its value.</summary>
    private void AppendData(ReadOnlySpan<byte> value)
    {
        if (_hasData)
            _data.Append(LineFeed, value);
        else
            _data.Append(value);
        _hasData = true;
    }

    private bool Dispatch()
    {
        // "Set the last event ID string of the event source to the value of the last event ID buffer."
        if (_hasId)
            _lastEventId.Set(_id.Span);

        // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
        // return." Every data line adds a line feed to that buffer, so it is empty only where there was no such line.
        bool goOn = true;
        if (_hasData)
        {
            var block = new SseUtf8Event { Data = _data.Span, HasId = _hasId, LastEventId = _lastEventId.Utf8, Retry = _retry };
            if (_hasEvent)
                block.Event = _event.Span;
            goOn = _sink.OnEvent(block);
        }

        ClearBlock();
        return goOn;
    }

    private void ClearLine()
    {
        _lineSize = 0;
        _line.Clear();
        _isInData = false;
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
                if (_byteOrderMark > 0)
                    ReadUnfinishedLine(ByteOrderMark[.._byteOrderMark]);
                _byteOrderMark = ByteOrderMark.Length;
                return;
            }

            chunk = chunk[1..];
            _byteOrderMark++;
        }
    }
}
