namespace Rx.Sse.Parsing;

/// <summary>
/// The fields of the block that is being read. A value is a slice of the chunk it was read from, so that a block which
/// lies whole in its chunk is not copied. <see cref="Keep"/> copies those that the next chunk would overwrite.
/// </summary>
/// <remarks>
/// The methods that take a chunk take the bytes that the current line was read from. They may be empty if all values
/// are kept.
/// </remarks>
internal sealed class EventBlock(LastEventIdBuffer lastEventId)
{
    private FieldValue _data, _event, _id;

    /// <summary>The fields that the block has so far.</summary>
    private SseFields _present;

    /// <summary>The value of the last valid <c>retry</c> field.</summary>
    public TimeSpan Retry { get; private set; }

    /// <summary>The bytes of the lines so far, without comments and line ends: what the limit counts.</summary>
    public int Size { get; set; }

    /// <summary>The last event ID of the stream. When the block is dispatched, its own ID has become that.</summary>
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
    /// Begins a data line whose end is not in the chunk, with what there is of its value. All values must be kept.
    /// </summary>
    public void BeginData(ReadOnlySpan<byte> value)
    {
        if (Has(SseFields.Data))
        {
            _data.AppendLine(value, value.Length);
            return;
        }

        _present |= SseFields.Data;
        _data.Begin(value);
    }

    /// <summary>Appends more of the value to the data line that was begun.</summary>
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

    /// <summary>Forgets the block. The arrays are kept for the next one.</summary>
    public void Clear()
    {
        _present = SseFields.None;
        Size = 0;
    }

    /// <summary>
    /// Returns arrays that the block does not use and that are larger than <paramref name="size"/>, and replaces those
    /// that are much too large for what it has.
    /// </summary>
    public void Trim(int size)
    {
        _data.Trim(size, Has(SseFields.Data));
        _event.Trim(size, Has(SseFields.Event));
        _id.Trim(size, Has(SseFields.Id));
    }
}

/// <summary>The fields that have a meaning (WHATWG HTML, section 9.2.6).</summary>
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
