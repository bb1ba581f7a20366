namespace Rx.Sse;

/// <summary>
/// One event as its bytes, for an <see cref="SseSelector{T}"/> to make something of without a string. Only valid
/// during the call. The bytes are the server's own: they may be ill-formed UTF-8.
/// </summary>
public ref struct SseUtf8Event
{
    // The parser fills one in and passes it on, event after event. Only the flags are cleared in between.
    private ReadOnlySpan<byte> _event;
    private TimeSpan _retry;
    private bool _hasRetry;

    /// <summary>The <c>data</c> lines, joined with LF.</summary>
    public ReadOnlySpan<byte> Data { readonly get; internal set; }

    /// <summary>Whether the block had an <c>event</c> field.</summary>
    public bool HasEvent { readonly get; private set; }

    /// <summary>The <c>event</c> field; empty if the block had none.</summary>
    public ReadOnlySpan<byte> Event
    {
        readonly get => HasEvent ? _event : default;
        internal set
        {
            HasEvent = true;
            _event = value;
        }
    }

    /// <summary><see cref="Event"/>, or <c>message</c> where that is empty.</summary>
    public readonly ReadOnlySpan<byte> EventType => Event.IsEmpty ? "message"u8 : Event;

    /// <summary>Whether the block had a valid <c>id</c> field.</summary>
    public bool HasId { readonly get; internal set; }

    /// <summary>The <c>id</c> field; empty if the block had none.</summary>
    public readonly ReadOnlySpan<byte> Id => HasId ? LastEventId : default;

    /// <summary>The last event ID as of this event, its own included; empty if there is none.</summary>
    public ReadOnlySpan<byte> LastEventId { readonly get; internal set; }

    /// <summary>The <c>retry</c> field; see <see cref="SseEvent.Retry"/>.</summary>
    public TimeSpan? Retry
    {
        readonly get => _hasRetry ? _retry : null;
        internal set
        {
            _hasRetry = value.HasValue;
            _retry = value.GetValueOrDefault();
        }
    }

    /// <summary>Whether there is a <c>data</c> field, so that it is an event at all.</summary>
    internal bool HasData { readonly get; set; }

    /// <summary>Makes it ready for the next block.</summary>
    internal void Clear() => HasData = HasEvent = HasId = _hasRetry = false;
}
