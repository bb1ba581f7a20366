using System.Buffers.Binary;

namespace Rx.Sse.Parsing;

/// <summary>
/// The event stream parser of WHATWG HTML, section 9.2.6. It takes the body in chunks of any size, and reports each
/// event as soon as its last byte is there. It never waits, and looks at each byte a limited number of times.
/// </summary>
/// <remarks>
/// The lines that lie whole in a chunk are read by the loop in <c>SseParser.WholeLines.cs</c>, which remembers where
/// their values are. A line that a chunk cuts off is collected by <c>SseParser.CutLines.cs</c>. What a line means is
/// decided in one place, <see cref="ReadLine"/>.
/// </remarks>
internal sealed partial class SseParser(EventSink sink, LastEventIdBuffer lastEventId, int maxEventSize)
{
    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r', Colon = (byte)':', Space = (byte)' ';

    /// <summary>The names of fields with their colons, the first byte lowest. What follows is shifted out.</summary>
    private const ulong DataHead = 0x3A_61_74_61_64, EventHead = 0x3A_74_6E_65_76_65, IdHead = 0x3A_64_69;

    /// <summary>Between blocks, arrays up to this size are kept, because a slow stream soon needs them again.</summary>
    private const int SmallArray = 4 * 1024;

    private readonly EventBlock _block = new(lastEventId);

    /// <summary>
    /// The number of bytes of a byte order mark that the stream has begun with. Three as soon as no more can follow.
    /// </summary>
    private int _byteOrderMark;

    /// <summary>The last line ended with CR. An LF directly after it, even in the next chunk, belongs to it.</summary>
    private bool _skipLineFeed;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the next bytes of the stream.</summary>
    /// <returns>Final, unless it is <see cref="SseFeedResult.NeedsMore"/>.</returns>
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
            if (_cutSize == 0 && chunk.Length >= LineScanner.Window)
                result = ReadWholeLines(ref chunk);
            if (!chunk.IsEmpty && result == SseFeedResult.NeedsMore)
                result = ReadNextLine(ref chunk);
        }

        // A large event says nothing about the size of the next one.
        if (_block.Size == 0 && _cutSize == 0)
            Trim(SmallArray);
        return result;
    }

    /// <summary>
    /// Reads the end of the input as that of the line that is cut off, if there is one, and as a blank line.
    /// </summary>
    /// <returns>As from <see cref="Feed"/>.</returns>
    public SseFeedResult End() =>
        (_cutSize == 0 || FinishLine(default)) && FinishLine(default) ? SseFeedResult.NeedsMore : SseFeedResult.Stopped;

    /// <summary>Returns the memory that an unfinished block does not need.</summary>
    public void Rest() => Trim(0);

    /// <summary>Forgets what the end of a connection cut off. The last event ID stays.</summary>
    public void Reset()
    {
        _byteOrderMark = 0;
        _skipLineFeed = false;
        ClearCutLine();
        _block.Clear();
        Rest();
    }

    /// <summary>Reads a line that is neither blank nor too large.</summary>
    /// <returns>False if the sink has stopped.</returns>
    private bool ReadLine(ReadOnlySpan<byte> input, int start, int end)
    {
        // "If the line starts with a U+003A COLON character (:), ignore the line."
        if (input[start] == Colon)
            return !sink.WantsComments || sink.OnComment(input[(start + 1)..end]);

        _block.Size += end - start;
        bool hasHead = start <= input.Length - sizeof(ulong);
        ulong head = hasHead ? BinaryPrimitives.ReadUInt64LittleEndian(input[start..]) : 0;
        if (head << 24 == DataHead << 24)
            _block.AddData(input, ValueStart(input, start + "data:".Length, end), end);
        else if (head << 16 == EventHead << 16)
            _block.SetEvent(ValueStart(input, start + "event:".Length, end), end);
        else if (head << 40 == IdHead << 40)
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
    /// Reads any field: <c>retry</c>, one without a colon, one whose name has no meaning, and one in the last bytes of
    /// the input.
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
    /// "If the line is empty (a blank line), dispatch the event." Returns false if the sink has stopped.
    /// </summary>
    private bool Dispatch(ReadOnlySpan<byte> chunk)
    {
        // "Set the last event ID string of the event source to the value of the last event ID buffer."
        if (_block.Has(SseFields.Id))
            _block.LastEventId.Set(_block.Id(chunk));

        // "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty string and
        // return." Every data line adds a line feed to that buffer, so it is empty only where there was no such line.
        bool goOn = !_block.Has(SseFields.Data) || sink.OnEvent(chunk, _block);
        _block.Clear();
        return goOn;
    }

    /// <summary>
    /// Drops a byte order mark at the very start. What only began like one belongs to the first line.
    /// </summary>
    private void SkipByteOrderMark(ref ReadOnlySpan<byte> chunk)
    {
        while (_byteOrderMark < ByteOrderMark.Length && !chunk.IsEmpty)
        {
            if (chunk[0] != ByteOrderMark[_byteOrderMark])
            {
                if (_byteOrderMark > 0)
                    AddToCutLine(ByteOrderMark[.._byteOrderMark]);
                _byteOrderMark = ByteOrderMark.Length;
                return;
            }

            chunk = chunk[1..];
            _byteOrderMark++;
        }
    }

    private void Trim(int size)
    {
        _block.Trim(size);
        _cutLine.Trim(size, _cutSize > 0 && !_isDataCut);
    }
}
