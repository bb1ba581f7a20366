namespace Rx.Sse.Parsing;

/// <content>The plain path: line by line, however they are cut, each rule beside the words of the standard.</content>
internal sealed partial class SseParser<TSink>
{
    /// <summary>Reads to the end of the line, or of the chunk.</summary>
    private SseFeedResult ReadNextLine(ref ReadOnlySpan<byte> chunk)
    {
        int end = IndexOfLineEnd(chunk);
        Work.Add(end < 0 ? chunk.Length : end + 1);
        if (end < 0)
        {
            if (IsTooLargeWith(chunk))
                return SseFeedResult.TooLarge;
            ReadUnfinishedLine(chunk);
            chunk = default;
            return SseFeedResult.NeedsMore;
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
        return FinishLine(line);
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
        if (IsTooLargeWith(rest))
            return SseFeedResult.TooLarge;

        ReadUnfinishedLine(rest);
        SseFeedResult result = SseFeedResult.NeedsMore;
        if (_isInData)
            _blockSize += _lineSize;
        else
            result = ReadLine(_line.Span);
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
    private bool IsTooLarge(long lineSize, bool isComment) => lineSize + (isComment ? 0 : _blockSize) > _maxEventSize;

    /// <summary>Whether the unfinished line would be, before anything is copied: chunks of a source may be larger than any limit.</summary>
    private bool IsTooLargeWith(ReadOnlySpan<byte> part)
    {
        bool isComment = _lineSize == 0 ? part[0] == Colon : !_isInData && _line.Span[0] == Colon;
        return IsTooLarge((long)_lineSize + part.Length, isComment);
    }

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
            _event.Set(value);
        }
        else if (name.SequenceEqual("id"u8))
        {
            // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
            if (value.IndexOf((byte)0) < 0)
            {
                _hasId = true;
                _id.Set(value);
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
}
