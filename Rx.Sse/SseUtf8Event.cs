using Rx.Sse.Parsing;

namespace Rx.Sse;

/// <summary>Represents an event as UTF-8 bytes, for an <see cref="SseSelector{T}"/>.</summary>
/// <remarks>
/// Only valid during the call of the selector. The bytes are those that the server sent, and may be ill-formed UTF-8.
/// </remarks>
public readonly ref struct SseUtf8Event
{
    private readonly ReadOnlySpan<byte> _chunk;

    /// <summary>Null in <c>default(SseUtf8Event)</c>, which is an empty event.</summary>
    private readonly EventBlock? _block;

    internal SseUtf8Event(ReadOnlySpan<byte> chunk, EventBlock block)
    {
        _chunk = chunk;
        _block = block;
    }

    /// <summary>Gets the <c>data</c> lines, joined with LF.</summary>
    public ReadOnlySpan<byte> Data => _block is { } block ? block.Data(_chunk) : default;

    /// <summary>Gets whether the event has an <c>event</c> field.</summary>
    public bool HasEvent => Has(SseFields.Event);

    /// <summary>Gets the <c>event</c> field; empty if there is none.</summary>
    public ReadOnlySpan<byte> Event => HasEvent ? _block!.Event(_chunk) : default;

    /// <summary>Gets the type of the event: <see cref="Event"/>, or <c>message</c> if there is none.</summary>
    /// <remarks>Use <see cref="IsType"/> to compare it.</remarks>
    public ReadOnlySpan<byte> EventType => Event is { IsEmpty: false } type ? type : "message"u8;

    /// <summary>Gets whether the event has a valid <c>id</c> field.</summary>
    public bool HasId => Has(SseFields.Id);

    /// <summary>Gets the <c>id</c> field; empty if there is none.</summary>
    public ReadOnlySpan<byte> Id => HasId ? _block!.Id(_chunk) : default;

    /// <summary>Gets the last event ID of the stream after this event; empty if there is none.</summary>
    public ReadOnlySpan<byte> LastEventId => _block is { } block ? block.LastEventId.Utf8 : default;

    /// <summary>Gets the <c>retry</c> field, a reconnection time; <see langword="null"/> if there is none.</summary>
    /// <remarks>The same as <see cref="SseEvent.Retry"/>.</remarks>
    public TimeSpan? Retry => Has(SseFields.Retry) ? _block!.Retry : null;

    /// <summary>Determines whether the event has a type, for example <c>e.IsType("price"u8)</c>.</summary>
    /// <remarks>
    /// Do not compare with <c>==</c>. <c>e.EventType == "price"u8</c> compiles without a warning, but spans compare
    /// their addresses, so that it is always <see langword="false"/>.
    /// </remarks>
    /// <param name="utf8">The type in UTF-8. Compared with <see cref="EventType"/>, byte by byte.</param>
    /// <returns>
    /// <see langword="true"/> if the type is the same. An event without an <c>event</c> field, or with an empty one, is
    /// of the type <c>message</c>, as browsers dispatch it.
    /// </returns>
    public bool IsType(ReadOnlySpan<byte> utf8) => EventType.SequenceEqual(utf8);

    private bool Has(SseFields field) => _block is { } block && block.Has(field);
}
