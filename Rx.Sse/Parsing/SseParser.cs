namespace Rx.Sse.Parsing;

/// <summary>
/// The event stream parser of WHATWG HTML 9.2.6, pushed: takes the body in any chunks, and reports each event as soon as its last byte is
/// there. It never waits, and looks at each byte only a fixed number of times.
/// </summary>
/// <remarks>
/// There are two ways through it. <c>SseParser.Lines.cs</c> reads line by line, copies what it reads, and so knows what to do with a
/// line that a chunk cuts off. <c>SseParser.WholeLines.cs</c> reads the lines that lie whole in a chunk, and remembers where
/// their values are; only what belongs to a block whose end is not there, or has several data lines, is copied after all.
/// </remarks>
internal sealed partial class SseParser : SseUtf8Fields
{
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const byte Colon = (byte)':';
    private const byte Space = (byte)' ';

    /// <summary>In chunks this small, looking at the bytes one by one finds the line end sooner than a vectorized search.</summary>
    private const int SmallChunk = 16;

    /// <summary>Between blocks, arrays up to this size are kept: a stream that drips needs them again at once.</summary>
    private const int SmallArray = 4 * 1024;

    private readonly int _maxEventSize;

    private readonly LastEventIdBuffer _lastEventId;

    private readonly EventSink _sink;

    private readonly bool _wantsComments;

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
    private int _blockSize;

    /// <summary>There was a comment among the whole lines of the chunk.</summary>
    private bool _hasSeenComment;

    /// <summary>The block's data lines that have been copied, joined with LF.</summary>
    private PooledBuffer _data;

    /// <summary>There is such a line; it may be empty.</summary>
    private bool _hasJoinedLine;

    /// <summary>The value of the block's event line, if it is not in the chunk that is being read; of several, the last counts.</summary>
    private PooledBuffer _event;

    /// <summary>The same for its valid id line.</summary>
    private PooledBuffer _id;

    public SseParser(EventSink sink, LastEventIdBuffer lastEventId, int maxEventSize)
    {
        _sink = sink;
        _wantsComments = sink.WantsComments;
        _lastEventId = lastEventId;
        _maxEventSize = maxEventSize;
    }

    protected override ReadOnlySpan<byte> KeptEvent => _event.Span;

    protected override ReadOnlySpan<byte> KeptId => _id.Span;

    public override ReadOnlySpan<byte> LastEventId => _lastEventId.Utf8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static ReadOnlySpan<byte> DataField => "data:"u8;

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

        SseFeedResult result = SseFeedResult.NeedsMore;
        while (!chunk.IsEmpty && result == SseFeedResult.NeedsMore)
        {
            if (_lineSize == 0 && chunk.Length >= LineScanner.Window)
                result = ReadWholeLines(ref chunk);
            if (!chunk.IsEmpty && result == SseFeedResult.NeedsMore)
                result = ReadNextLine(ref chunk);
        }

        // An event that was large says nothing about the next.
        if (_blockSize == 0 && _lineSize == 0)
            TrimBuffers(SmallArray);
        return result;
    }

    /// <summary>Keeps no memory but what an unfinished block needs.</summary>
    public void Rest() => TrimBuffers(kept: 0);

    /// <summary>Forgets what the end of a connection cut off, and starts anew with the next. The last event ID stays.</summary>
    public void Reset()
    {
        _byteOrderMark = 0;
        _skipLineFeed = false;
        ClearLine();
        ClearBlock();
        Rest();
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
        Present = SseFields.None;
        ClearData();
        _event.Clear();
        _id.Clear();
    }

    private void TrimBuffers(int kept)
    {
        _line.TrimIfEmpty(kept);
        _data.TrimIfEmpty(kept);
        _event.TrimIfEmpty(kept);
        _id.TrimIfEmpty(kept);
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
