namespace Rx.Sse;

/// <summary>
/// One event as its bytes, for an <see cref="SseSelector{T}"/> to make something of without a string. Only valid
/// during the call. The bytes are the server's own: they may be ill-formed UTF-8.
/// </summary>
public readonly ref struct SseUtf8Event
{
    internal SseUtf8Event(ReadOnlySpan<byte> data, ReadOnlySpan<byte> chunk, SseUtf8Fields fields)
    {
        Data = data;
        Chunk = chunk;
        Fields = fields;
    }

    /// <summary>The <c>data</c> lines, joined with LF.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Whether the block had an <c>event</c> field.</summary>
    public bool HasEvent => Has(SseFields.Event);

    /// <summary>The <c>event</c> field; empty if the block had none.</summary>
    public ReadOnlySpan<byte> Event => HasEvent ? Fields!.Event(Chunk) : default;

    /// <summary><see cref="Event"/>, or <c>message</c> where that is empty.</summary>
    public ReadOnlySpan<byte> EventType => Event is { IsEmpty: false } type ? type : "message"u8;

    /// <summary>Whether the block had a valid <c>id</c> field.</summary>
    public bool HasId => Has(SseFields.Id);

    /// <summary>The <c>id</c> field; empty if the block had none.</summary>
    public ReadOnlySpan<byte> Id => HasId ? Fields!.Id(Chunk) : default;

    /// <summary>The last event ID as of this event, its own included; empty if there is none.</summary>
    public ReadOnlySpan<byte> LastEventId => Fields is { } fields ? fields.LastEventId : default;

    /// <summary>The <c>retry</c> field; see <see cref="SseEvent.Retry"/>.</summary>
    public TimeSpan? Retry => Has(SseFields.Retry) ? Fields!.Retry : null;

    /// <summary>All but the data. Null where nobody has made the event, so that a default one is an empty one.</summary>
    internal SseUtf8Fields? Fields { get; }

    /// <summary>What the places of the fields refer to.</summary>
    internal ReadOnlySpan<byte> Chunk { get; }

    private bool Has(SseFields field) => Fields is { } fields && fields.Has(field);
}
