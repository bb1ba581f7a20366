namespace Rx.Sse.Parsing;

/// <summary>The fields of one block, as they came: UTF-8, valid only while the sink looks at them.</summary>
internal readonly ref struct SseBlock(
    ReadOnlySpan<byte> data,
    bool hasEvent,
    ReadOnlySpan<byte> eventType,
    bool hasId,
    LastEventIdBuffer lastEventId,
    TimeSpan? retry)
{
    /// <summary>The data lines, joined with LF.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    public bool HasEvent { get; } = hasEvent;

    public ReadOnlySpan<byte> Event { get; } = eventType;

    /// <summary>Whether this block itself had an <c>id</c>; its value is then <see cref="LastEventId"/>.</summary>
    public bool HasId { get; } = hasId;

    /// <summary>The last event ID with this block's own already counted in.</summary>
    public LastEventIdBuffer LastEventId { get; } = lastEventId;

    public TimeSpan? Retry { get; } = retry;
}
