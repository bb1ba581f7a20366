using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <content>The plain path: line by line, however they are cut, each rule beside the words of the standard.</content>
internal sealed partial class SseParser
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

        if (_line.Length == 0 && IsDataLine(part))
        {
            BeginDataLine(part);
            return;
        }

        bool mayBeData = _line.Length <= DataField.Length;
        _line.Append(part);
        if (mayBeData && IsDataLine(_line.Span))
        {
            BeginDataLine(_line.Span);
            _line.Clear();
        }
    }

    /// <summary>Only with the byte after the colon is it known where the value begins.</summary>
    private static bool IsDataLine(ReadOnlySpan<byte> start) => start.Length > DataField.Length && start.StartsWith(DataField);

    private void BeginDataLine(ReadOnlySpan<byte> start)
    {
        _isInData = true;
        AppendData(WithoutSpace(start[DataField.Length..]));
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
            return !_wantsComments || _sink.OnComment(line[1..]) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;

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
        SseFieldName name = SseFieldNames.Read(line, out int valueStart);
        ReadOnlySpan<byte> value = line[valueStart..];
        switch (name)
        {
            case SseFieldName.Data:
                AppendData(value);
                break;
            case SseFieldName.Event:
                Present |= SseFields.Event;
                KeepEvent(value);
                break;

            // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
            case SseFieldName.Id when value.IndexOf((byte)0) < 0:
                Present |= SseFields.Id;
                KeepId(value);
                break;
            case SseFieldName.Retry:
                Present |= ReadRetry(value);
                break;
        }
    }

    private SseFields ReadRetry(ReadOnlySpan<byte> value)
    {
        if (!RetryField.TryParse(value, out TimeSpan time))
            return SseFields.None;
        Retry = time;
        _sink.OnReconnectionTime(time);
        return SseFields.Retry;
    }

    private static ReadOnlySpan<byte> WithoutSpace(ReadOnlySpan<byte> value) => !value.IsEmpty && value[0] == Space ? value[1..] : value;

    /// <summary>Begins a data line with what there is of its value.</summary>
    private void AppendData(ReadOnlySpan<byte> value)
    {
        Present |= SseFields.Data | SseFields.SplitData;
        AppendDataLine(value);
    }

    private void AppendDataLine(ReadOnlySpan<byte> value)
    {
        if (_hasJoinedLine)
            _data.Append(LineFeed, value);
        else
            _data.Append(value);
        _hasJoinedLine = true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ClearData()
    {
        _data.Clear();
        _hasJoinedLine = false;
    }

    private void KeepEvent(ReadOnlySpan<byte> value)
    {
        _event.Set(value);
        EventPlace = SseUtf8Place.Kept;
    }

    private void KeepId(ReadOnlySpan<byte> value)
    {
        _id.Set(value);
        IdPlace = SseUtf8Place.Kept;
    }

    private bool Dispatch()
    {
        // "Set the last event ID string of the event source to the value of the last event ID buffer."
        if (Has(SseFields.Id))
            _lastEventId.Set(Id(default));

        // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
        // return." Every data line adds a line feed to that buffer, so it is empty only where there was no such line.
        bool goOn = !Has(SseFields.Data) || _sink.OnEvent(_data.Span, default, this);
        ClearBlock();
        return goOn;
    }
}
