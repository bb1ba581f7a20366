namespace Rx.Sse;

/// <summary>
/// The fields of an event, and where their values are. Its parser fills it in, block after block. It is no part of the event itself, for
/// that is passed by value: the copy would have to wait until the bytes that were written a moment before have arrived in the cache.
/// </summary>
internal sealed class SseUtf8Fields
{
    public SseFields Present;

    public SseUtf8Place Event;

    public SseUtf8Place Id;

    public TimeSpan Retry;

    /// <summary>The last event ID, as long as the block has none of its own.</summary>
    public SseUtf8Place LastEventId;

    /// <summary>The data lines of this chunk, in order, where the data are split.</summary>
    public SseUtf8Line[]? Lines;

    public int LineCount;

    public bool Has(SseFields fields) => (Present & fields) != 0;
}

/// <summary>What a block has.</summary>
[Flags]
internal enum SseFields
{
    None = 0,

    /// <summary>There is a data line. Only then is it an event.</summary>
    Data = 1,

    Event = 2,

    Id = 4,

    Retry = 8,

    /// <summary>The data are more than one piece of the chunk: there are several lines, or an earlier chunk has brought some.</summary>
    SplitData = 16,
}
