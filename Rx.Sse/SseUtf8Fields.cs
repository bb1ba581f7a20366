namespace Rx.Sse;

/// <summary>
/// The fields of an event, and where their values are: in the chunk that is being read or, where an earlier one has brought them, kept. It is a parser,
/// which fills it in block after block. And it is no part of the event itself, for that is passed by value: the copy would have to wait until
/// the bytes that were written a moment before have arrived in the cache.
/// </summary>
internal abstract class SseUtf8Fields
{
    public SseFields Present;

    public TimeSpan Retry;

    protected SseUtf8Place EventPlace, IdPlace;

    protected abstract ReadOnlySpan<byte> KeptEvent { get; }

    protected abstract ReadOnlySpan<byte> KeptId { get; }

    public abstract ReadOnlySpan<byte> LastEventId { get; }

    public bool Has(SseFields fields) => (Present & fields) != 0;

    public ReadOnlySpan<byte> Event(ReadOnlySpan<byte> chunk) => EventPlace.IsInChunk ? EventPlace.In(chunk) : KeptEvent;

    public ReadOnlySpan<byte> Id(ReadOnlySpan<byte> chunk) => IdPlace.IsInChunk ? IdPlace.In(chunk) : KeptId;
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

/// <summary>Where the value of a field is in the chunk that is being read, if it is there. One number, for it is copied right after it was written.</summary>
internal readonly struct SseUtf8Place
{
    private readonly long _startAndLength;

    public SseUtf8Place(int start, int length) => _startAndLength = (long)start << 32 | (uint)length;

    public static SseUtf8Place Kept => new(-1, 0);

    public bool IsInChunk => _startAndLength >= 0;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> chunk) => chunk.Slice((int)(_startAndLength >> 32), (int)_startAndLength);
}
