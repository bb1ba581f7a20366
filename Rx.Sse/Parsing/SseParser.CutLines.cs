namespace Rx.Sse.Parsing;

/// <content>Reads line by line, and collects a line that the end of a chunk cuts off.</content>
internal sealed partial class SseParser
{
    /// <summary>The bytes of the line that is cut off, so far. Zero if there is none.</summary>
    private int _cutSize;

    /// <summary>The bytes of that line, unless it is a data line.</summary>
    private PooledBuffer _cutLine;

    /// <summary>The line that is cut off is a data line. Its value is appended to the block's data at once.</summary>
    private bool _isDataCut;

    private static ReadOnlySpan<byte> DataField => "data:"u8;

    /// <summary>Reads up to the end of the line, or of the chunk.</summary>
    private SseFeedResult ReadNextLine(ref ReadOnlySpan<byte> chunk)
    {
        int end = chunk.IndexOfAny(CarriageReturn, LineFeed);
        ReadOnlySpan<byte> part = end < 0 ? chunk : chunk[..end];
        Work.Add(part.Length + 1);
        if (IsTooLarge(part))
            return SseFeedResult.TooLarge;
        if (end < 0)
        {
            AddToCutLine(part);
            chunk = default;
            return SseFeedResult.NeedsMore;
        }

        bool endsWithCarriageReturn = chunk[end] == CarriageReturn;
        chunk = chunk[(end + 1)..];
        if (endsWithCarriageReturn)
        {
            // Whether an LF follows may not be known yet.
            if (chunk.IsEmpty)
                _skipLineFeed = true;
            else if (chunk[0] == LineFeed)
                chunk = chunk[1..];
        }

        return FinishLine(part) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;
    }

    /// <summary>
    /// Whether this part makes the line, or the block with it, exceed the limit. A comment counts by itself: a stream
    /// may go on with nothing but heartbeats and never end a block.
    /// </summary>
    private bool IsTooLarge(ReadOnlySpan<byte> part)
    {
        long size = (long)_cutSize + part.Length;
        if (size + _block.Size <= maxEventSize)
            return false;
        bool isComment = !_isDataCut && (_cutSize > 0 ? _cutLine.Span[0] : part.IsEmpty ? 0 : part[0]) == Colon;
        return !isComment || size > maxEventSize;
    }

    /// <summary>Reads the rest of a line, which may be all of it.</summary>
    /// <returns>False if the sink has stopped.</returns>
    private bool FinishLine(ReadOnlySpan<byte> rest)
    {
        bool goOn = true;
        if (_cutSize == 0)
        {
            if (rest.IsEmpty)
                return Dispatch(default);
            goOn = ReadLine(rest, 0, rest.Length);
            _block.Keep(rest);
            return goOn;
        }

        AddToCutLine(rest);
        if (_isDataCut)
        {
            _block.Size += _cutSize;
        }
        else
        {
            ReadOnlySpan<byte> line = _cutLine.Span;
            goOn = ReadLine(line, 0, line.Length);
            _block.Keep(line);
        }

        ClearCutLine();
        return goOn;
    }

    private void AddToCutLine(ReadOnlySpan<byte> part)
    {
        _cutSize += part.Length;
        if (_isDataCut)
        {
            _block.ContinueData(part);
            return;
        }

        _cutLine.Append(part);
        ReadOnlySpan<byte> line = _cutLine.Span;

        // Only the byte after the colon says where the value begins.
        bool mayBeDecided = line.Length > DataField.Length && line.Length - part.Length <= DataField.Length;
        if (mayBeDecided && line.StartsWith(DataField))
        {
            _isDataCut = true;
            _block.BeginData(line[ValueStart(line, DataField.Length, line.Length)..]);
            _cutLine.Clear();
        }
    }

    private void ClearCutLine()
    {
        _cutSize = 0;
        _cutLine.Clear();
        _isDataCut = false;
    }
}
