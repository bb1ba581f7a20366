using System.Buffers.Binary;

namespace Rx.Sse.Parsing;

/// <summary>
/// Parses an event stream (WHATWG HTML, section 9.2.6). It is given chunks of any size, and calls the sink for each
/// event as soon as the last byte of the event has arrived. It never waits, and its work is linear in the bytes.
/// </summary>
/// <remarks>
/// <para>
/// Two callers feed it: a subscription, on the thread that read the chunk, and the <c>ParseSse</c> operator, on the
/// thread of its source. Only one call may run at a time.
/// </para>
/// <para>
/// <c>SseParser.WholeLines.cs</c> has the fast path for lines that lie within one chunk: a value is copied only if it
/// has several lines or its block continues in the next chunk. <c>SseParser.CutLines.cs</c> reads all other lines, and
/// collects one that continues in the next chunk. Both call <see cref="ReadLine"/>.
/// </para>
/// </remarks>
internal sealed partial class SseParser(EventSink sink, LastEventIdBuffer lastEventId, int maxEventSize)
{
    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r', Colon = (byte)':', Space = (byte)' ';

    // The names of fields with their colons, as little-endian numbers.
    private const ulong DataPrefix = 0x3A_61_74_61_64, EventPrefix = 0x3A_74_6E_65_76_65, IdPrefix = 0x3A_64_69;

    /// <summary>
    /// Arrays of more than <c>SmallArray</c> bytes are returned to the pool when a chunk ends between blocks, and after
    /// each block of more than <c>LargeBlock</c> bytes.
    /// </summary>
    private const int SmallArray = 4 * 1024, LargeBlock = 1024 * 1024;

    private readonly EventBlock _block = new(lastEventId);

    /// <summary>The number of bytes of a byte order mark so far; 3 once the start of the stream is decided.</summary>
    private int _byteOrderMarkBytes;

    /// <summary>
    /// Set when a chunk ends with CR: an LF at the start of the next one belongs to the same line end.
    /// </summary>
    private bool _skipLineFeed;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses the next bytes of the stream.</summary>
    /// <returns>
    /// <see cref="SseFeedResult.NeedsMore"/>; after any other result, the parser must not be fed before
    /// <see cref="Reset"/>.
    /// </returns>
    public SseFeedResult Feed(ReadOnlySpan<byte> chunk)
    {
        if (_byteOrderMarkBytes < ByteOrderMark.Length)
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
            bool mayHaveLineEnd = true;
            if (_cutLineSize == 0 && chunk.Length >= LineScanner.Window)
                result = ReadWholeLines(ref chunk, ref mayHaveLineEnd);
            if (!chunk.IsEmpty && result == SseFeedResult.NeedsMore)
                result = ReadNextLine(ref chunk, mayHaveLineEnd);
        }

        // Between blocks: the array of a large event is not kept, because the next event may be small.
        if (_block.Size == 0 && _cutLineSize == 0)
            TrimMemory(SmallArray);
        return result;
    }

    /// <summary>
    /// Treats the end of the input as the end of an unfinished line, if there is one, and as a blank line.
    /// </summary>
    /// <returns><see cref="SseFeedResult.Stopped"/> if the sink has stopped.</returns>
    public SseFeedResult End() => (_cutLineSize == 0 || FinishLine(default)) && FinishLine(default)
        ? SseFeedResult.NeedsMore
        : SseFeedResult.Stopped;

    /// <summary>
    /// Returns unused arrays that are larger than <paramref name="size"/> to the pool, and replaces used ones that are
    /// much too large.
    /// </summary>
    public void TrimMemory(int size = 0)
    {
        _block.Trim(size);
        _cutLine.Trim(size, _cutLineSize > 0 && !_isCutLineData);
    }

    /// <summary>Prepares for the next connection. Drops an unfinished block, and keeps the last event ID.</summary>
    public void Reset()
    {
        _byteOrderMarkBytes = 0;
        _skipLineFeed = false;
        ClearCutLine();
        _block.Clear();
        TrimMemory();
    }

    /// <summary>Interprets a line that is neither blank nor too large.</summary>
    /// <returns>False if the sink has stopped.</returns>
    private bool ReadLine(ReadOnlySpan<byte> input, int start, int end)
    {
        // "If the line starts with a U+003A COLON character (:), ignore the line."
        if (input[start] == Colon)
            return !sink.WantsComments || sink.OnComment(input[(start + 1)..end]);

        _block.Size += end - start;

        // Most lines have one of three names, which are compared as numbers. The shifts drop the bytes after the colon.
        bool hasPrefix = start <= input.Length - sizeof(ulong);
        ulong prefix = hasPrefix ? BinaryPrimitives.ReadUInt64LittleEndian(input[start..]) : 0;
        if (prefix << 24 == DataPrefix << 24)
            _block.AddData(input, ValueStart(input, start + "data:".Length, end), end);
        else if (prefix << 16 == EventPrefix << 16)
            _block.SetEvent(ValueStart(input, start + "event:".Length, end), end);
        else if (prefix << 40 == IdPrefix << 40)
            SetId(input, ValueStart(input, start + "id:".Length, end), end);
        else
            ReadOtherField(input, start, end);
        return true;
    }

    private void SetId(ReadOnlySpan<byte> input, int start, int end)
    {
        // "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value."
        if (!LineScanner.ContainsNull(input, start, end))
            _block.SetId(start, end);
    }

    /// <summary>
    /// Reads a field with any name. Used for <c>retry</c>, lines without a colon, names without a meaning, and lines
    /// that start in the last 7 bytes of the input.
    /// </summary>
    private void ReadOtherField(ReadOnlySpan<byte> input, int start, int end)
    {
        // "Collect the characters on the line before the first U+003A COLON character (:), and let field be that
        // string." Without a colon, the whole line is the name and the value is empty. Names are "compared literally".
        ReadOnlySpan<byte> line = input[start..end];
        int colon = line.IndexOf(Colon);
        ReadOnlySpan<byte> name = colon < 0 ? line : line[..colon];
        int valueStart = colon < 0 ? end : ValueStart(input, start + colon + 1, end);
        if (name.SequenceEqual("data"u8))
            _block.AddData(input, valueStart, end);
        else if (name.SequenceEqual("event"u8))
            _block.SetEvent(valueStart, end);
        else if (name.SequenceEqual("id"u8))
            SetId(input, valueStart, end);
        else if (name.SequenceEqual("retry"u8) && RetryField.TryParse(input[valueStart..end], out TimeSpan time))
        {
            _block.SetRetry(time);
            sink.OnReconnectionTime(time);
        }
    }

    /// <summary>
    /// "If the line is empty (a blank line), dispatch the event."
    /// </summary>
    /// <returns>False if the sink has stopped.</returns>
    private bool Dispatch(ReadOnlySpan<byte> chunk)
    {
        // "Set the last event ID string of the event source to the value of the last event ID buffer."
        if (_block.Has(SseFields.Id))
            _block.LastEventId.Set(_block.Id(chunk));

        // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
        // return." Every data line adds a line feed to that buffer, so it is empty only if there was no data line.
        bool shouldContinue = !_block.Has(SseFields.Data) || sink.OnEvent(chunk, _block);
        bool isLarge = _block.Size > LargeBlock;
        _block.Clear();
        if (isLarge)
            TrimMemory(SmallArray);
        return shouldContinue;
    }

    /// <summary>
    /// Drops a byte order mark at the very start. Bytes that only look like the start of one go to the first line.
    /// </summary>
    private void SkipByteOrderMark(ref ReadOnlySpan<byte> chunk)
    {
        while (_byteOrderMarkBytes < ByteOrderMark.Length && !chunk.IsEmpty)
        {
            if (chunk[0] != ByteOrderMark[_byteOrderMarkBytes])
            {
                if (_byteOrderMarkBytes > 0)
                    AddToCutLine(ByteOrderMark[.._byteOrderMarkBytes]);
                _byteOrderMarkBytes = ByteOrderMark.Length;
                return;
            }

            chunk = chunk[1..];
            _byteOrderMarkBytes++;
        }
    }
}
