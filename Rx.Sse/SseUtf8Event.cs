namespace Rx.Sse;

/// <summary>
/// One event as its bytes, for an <see cref="SseSelector{T}"/> to make something of without a string. Only valid
/// during the call. The bytes are the server's own: they may be ill-formed UTF-8.
/// </summary>
public readonly ref struct SseUtf8Event
{
    private readonly bool _hasRetry;
    private readonly TimeSpan _retry;

    internal SseUtf8Event(
        ReadOnlySpan<byte> data,
        bool hasEvent,
        ReadOnlySpan<byte> eventField,
        bool hasId,
        ReadOnlySpan<byte> lastEventId,
        TimeSpan? retry)
    {
        Data = data;
        HasEvent = hasEvent;
        Event = eventField;
        HasId = hasId;
        LastEventId = lastEventId;
        _hasRetry = retry.HasValue;
        _retry = retry.GetValueOrDefault();
    }

    /// <summary>The <c>data</c> lines, joined with LF.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether the block had an <c>event</c> field.</summary>
    public bool HasEvent { get; }

    /// <summary>The <c>event</c> field; empty if the block had none.</summary>
    public ReadOnlySpan<byte> Event { get; }

    /// <summary><see cref="Event"/>, or <c>message</c> where that is empty.</summary>
    public ReadOnlySpan<byte> EventType => Event.IsEmpty ? "message"u8 : Event;

    /// <summary>Whether the block had a valid <c>id</c> field.</summary>
    public bool HasId { get; }

    /// <summary>The <c>id</c> field; empty if the block had none.</summary>
    public ReadOnlySpan<byte> Id => HasId ? LastEventId : default;

    /// <summary>The last event ID as of this event, its own included; empty if there is none.</summary>
    public ReadOnlySpan<byte> LastEventId { get; }

    /// <summary>The <c>retry</c> field; see <see cref="SseEvent.Retry"/>.</summary>
    public TimeSpan? Retry => _hasRetry ? _retry : null;
}
