namespace Rx.Sse.Parsing;

/// <content>Reads line by line, and collects a line that continues in the next chunk (a cut line).</content>
internal sealed partial class SseParser
{
    /// <summary>The number of bytes of the cut line so far; zero if there is none.</summary>
    private int _cutLineSize;

    /// <summary>The bytes of the cut line, unless <see cref="_isCutLineData"/>.</summary>
    private PooledBuffer _cutLine;

    /// <summary>
    /// Whether the cut line is a data line, whose value is appended directly to the block. False also for a line that
    /// is cut before the first byte after its colon.
    /// </summary>
    private bool _isCutLineData;

    private static ReadOnlySpan<byte> DataField => "data:"u8;

    /// <summary>Reads up to the end of the line or of the chunk, and removes from the chunk what it has read.</summary>
    private SseFeedResult ReadNextLine(ref ReadOnlySpan<byte> chunk, bool mayHaveLineEnd)
    {
        int end = mayHaveLineEnd ? chunk.IndexOfAny(CarriageReturn, LineFeed) : -1;
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
            // At the end of the chunk, it is not known yet whether an LF follows.
            if (chunk.IsEmpty)
                _skipLineFeed = true;
            else if (chunk[0] == LineFeed)
                chunk = chunk[1..];
        }

        return FinishLine(part) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;
    }

    /// <summary>
    /// Determines whether the line, or the block together with it, exceeds the limit. A comment is not counted as part
    /// of the block, because a stream may consist of heartbeats and never end a block.
    /// </summary>
    private bool IsTooLarge(ReadOnlySpan<byte> part)
    {
        long size = (long)_cutLineSize + part.Length;
        if (size + _block.Size <= maxEventSize)
            return false;
        bool isComment = !_isCutLineData && (_cutLineSize > 0 ? _cutLine.Span[0] : part[0]) == Colon;
        return !isComment || size > maxEventSize;
    }

    /// <summary>Ends a line, given what has not been read of it: all of it, unless there is a cut line.</summary>
    /// <returns>False if the sink has stopped.</returns>
    private bool FinishLine(ReadOnlySpan<byte> rest)
    {
        if (_cutLineSize == 0 && rest.IsEmpty)
            return Dispatch(default);
        if (_cutLineSize > 0)
            AddToCutLine(rest);
        bool shouldContinue = true;
        if (_isCutLineData)
        {
            _block.Size += _cutLineSize;
        }
        else
        {
            ReadOnlySpan<byte> line = _cutLineSize > 0 ? _cutLine.Span : rest;
            shouldContinue = ReadLine(line, 0, line.Length);
            _block.Keep(line);
        }

        ClearCutLine();
        return shouldContinue;
    }

    private void AddToCutLine(ReadOnlySpan<byte> part)
    {
        // One byte after the colon is needed, because it may be a space.
        bool isStart = _cutLineSize == 0;
        _cutLineSize += part.Length;
        if (isStart && part.Length > DataField.Length && part.StartsWith(DataField))
        {
            _isCutLineData = true;
            _block.BeginData(part[ValueStart(part, DataField.Length, part.Length)..]);
        }
        else if (_isCutLineData)
        {
            _block.ContinueData(part);
        }
        else
        {
            _cutLine.Append(part);
        }
    }

    private void ClearCutLine()
    {
        _cutLineSize = 0;
        _cutLine.Clear();
        _isCutLineData = false;
    }
}
