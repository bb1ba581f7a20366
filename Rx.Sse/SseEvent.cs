namespace Rx.Sse;

/// <summary>Represents an event of an event stream (WHATWG HTML, section 9.2.6).</summary>
/// <remarks>
/// Immutable, and compared by value. All members may be used on any thread. <see cref="Event"/>, <see cref="Id"/> and
/// <see cref="Retry"/> are the fields of this event, and <see langword="null"/> if it does not have the field.
/// <see cref="LastEventId"/> also takes earlier events into account. Ill-formed UTF-8 has become U+FFFD.
/// </remarks>
public sealed record SseEvent : SseSignal
{
    /// <summary>
    /// Represents the <see cref="EventType"/> of an event without an <c>event</c> field: <c>message</c>.
    /// </summary>
    public const string DefaultEventType = "message";

    /// <summary>Initializes a new instance of the <see cref="SseEvent"/> class, without any fields.</summary>
    public SseEvent()
    {
    }

    /// <summary>
    /// Initializes a new instance for the parser. It does not write nulls, because each write of a reference takes a
    /// call.
    /// </summary>
    internal SseEvent(string data, string? eventField, string lastEventId, bool hasId, TimeSpan? retry)
    {
        Data = data;
        if (eventField is not null)
            Event = eventField;
        if (hasId)
            Id = lastEventId;
        else if (lastEventId.Length > 0)
            LastEventId = lastEventId;
        if (retry is not null)
            Retry = retry;
    }

    /// <summary>Gets the <c>event</c> field; <see langword="null"/> if there is none.</summary>
    /// <remarks>The last one counts if there are several. See also <see cref="EventType"/>.</remarks>
    public string? Event { get; init; }

    /// <summary>Gets the <c>data</c> lines, joined with LF (U+000A).</summary>
    /// <remarks>Never <see langword="null"/>: if it is set to that, it is empty.</remarks>
    public string Data { get; init => field = value ?? ""; } = "";

    /// <summary>Gets the <c>id</c> field; <see langword="null"/> if there is none.</summary>
    /// <remarks>A field that contains NUL is ignored. An empty one clears the last event ID.</remarks>
    public string? Id { get; init; }

    /// <summary>Gets the <c>retry</c> field, a reconnection time; <see langword="null"/> if there is none.</summary>
    /// <remarks>
    /// In whole milliseconds. A field that does not consist of ASCII digits is ignored. A value beyond the range of
    /// <see cref="TimeSpan"/> becomes the maximum.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than zero.</exception>
    public TimeSpan? Retry
    {
        get;
        init => field = value < TimeSpan.Zero
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "It must not be negative.")
            : value;
    }

    /// <summary>Gets the last event ID of the stream after this event; empty if there is none.</summary>
    /// <remarks>
    /// To resume after this event, store it and set <c>SseOptions.LastEventId</c>. It is <see cref="Id"/> unless it was
    /// set explicitly.
    /// </remarks>
    public string LastEventId
    {
        get => field ?? Id ?? "";
        init;
    }

    /// <summary>Gets the type of the event: <see cref="Event"/>, or <c>message</c> if there is none.</summary>
    /// <remarks>An empty field counts as none, as in browsers.</remarks>
    public string EventType => string.IsNullOrEmpty(Event) ? DefaultEventType : Event!;

    /// <summary>Determines whether all fields and the last event ID are equal.</summary>
    public bool Equals(SseEvent? other) =>
        ReferenceEquals(this, other)
        || other is not null && Event == other.Event && Data == other.Data && Id == other.Id
        && Retry == other.Retry && LastEventId == other.LastEventId;

    /// <inheritdoc/>
    public override int GetHashCode() => (Event, Data, Id, Retry, LastEventId).GetHashCode();
}
