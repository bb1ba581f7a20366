namespace Rx.Sse.Parsing;

/// <summary>
/// The fields of the current block. A value is a slice of the chunk that it was read from, unless it has several lines.
/// At the end of the chunk, <see cref="Keep"/> copies the values of an unfinished block.
/// </summary>
/// <remarks>
/// The <c>chunk</c> of each method is the input that the current line was read from. It may be empty if all values have
/// been copied.
/// </remarks>
internal sealed class EventBlock(LastEventIdBuffer lastEventId)
{
    private FieldValue _data, _event, _id;

    private SseFields _present;

    /// <summary>The value of the last valid <c>retry</c> field.</summary>
    public TimeSpan Retry { get; private set; }

    /// <summary>
    /// The size of the lines so far, in bytes, without comments and line ends. Set by the parser, which limits it.
    /// </summary>
    public int Size { get; set; }

    /// <summary>The last event ID of the stream. It is set to the ID of the block right before the dispatch.</summary>
    public LastEventIdBuffer LastEventId => lastEventId;

    public bool Has(SseFields field) => (_present & field) != 0;

    /// <summary>The data lines, joined with LF.</summary>
    public ReadOnlySpan<byte> Data(ReadOnlySpan<byte> chunk) => _data.In(chunk);

    public ReadOnlySpan<byte> Event(ReadOnlySpan<byte> chunk) => _event.In(chunk);

    public ReadOnlySpan<byte> Id(ReadOnlySpan<byte> chunk) => _id.In(chunk);

    public void AddData(ReadOnlySpan<byte> chunk, int start, int end)
    {
        if (Has(SseFields.Data))
        {
            _data.Keep(chunk);
            _data.AppendLine(chunk[start..], end - start);
            return;
        }

        _present |= SseFields.Data;
        _data.Set(start, end);
    }

    public void SetEvent(int start, int end)
    {
        _present |= SseFields.Event;
        _event.Set(start, end);
    }

    public void SetId(int start, int end)
    {
        _present |= SseFields.Id;
        _id.Set(start, end);
    }

    public void SetRetry(TimeSpan time)
    {
        _present |= SseFields.Retry;
        Retry = time;
    }

    /// <summary>
    /// Adds the first part of the value of a cut data line. All other values must have been copied.
    /// </summary>
    public void BeginData(ReadOnlySpan<byte> value)
    {
        AddData(value, 0, value.Length);
        _data.Keep(value);
    }

    /// <summary>Appends the next part of the value of a cut data line.</summary>
    public void ContinueData(ReadOnlySpan<byte> value) => _data.Append(value);

    /// <summary>Copies the values that are still slices of the chunk.</summary>
    public void Keep(ReadOnlySpan<byte> chunk)
    {
        if (Has(SseFields.Data))
            _data.Keep(chunk);
        if (Has(SseFields.Event))
            _event.Keep(chunk);
        if (Has(SseFields.Id))
            _id.Keep(chunk);
    }

    /// <summary>Begins a new block, which uses the same arrays.</summary>
    public void Clear()
    {
        _present = SseFields.None;
        Size = 0;
    }

    /// <summary>
    /// Returns to the pool each array that is larger than <paramref name="size"/> and not in use, and replaces each one
    /// in use that is much too large for its value.
    /// </summary>
    public void Trim(int size)
    {
        _data.Trim(size, Has(SseFields.Data));
        _event.Trim(size, Has(SseFields.Event));
        _id.Trim(size, Has(SseFields.Id));
    }
}

/// <summary>Specifies the fields of a block that have a meaning (WHATWG HTML, section 9.2.6).</summary>
[Flags]
internal enum SseFields
{
    None = 0,

    /// <summary>Only a block with this field is an event.</summary>
    Data = 1,

    Event = 2,

    Id = 4,

    Retry = 8,
}
