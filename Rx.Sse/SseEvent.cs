namespace Rx.Sse;

/// <summary>
/// An event, as the server dispatched it (WHATWG HTML, section 9.2.6). Immutable, and compared by value.
/// </summary>
/// <remarks>
/// <see cref="Event"/>, <see cref="Id"/> and <see cref="Retry"/> are the fields of this event's own block, and
/// <see langword="null"/> where the block had none. <see cref="LastEventId"/> also counts the blocks before it.
/// Ill-formed UTF-8 in any of them has become U+FFFD. All members may be used from any thread.
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
    /// Initializes a new instance for the parser. It writes no nulls, because each write of a reference costs a call.
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

    /// <summary>
    /// Gets the <c>event</c> field; <see langword="null"/> if the block had none. Of several, the last counts.
    /// </summary>
    public string? Event { get; init; }

    /// <summary>
    /// Gets the <c>data</c> lines, joined with LF (U+000A). Never <see langword="null"/>: setting that gives an empty
    /// string.
    /// </summary>
    public string Data { get; init => field = value ?? ""; } = "";

    /// <summary>
    /// Gets the <c>id</c> field; <see langword="null"/> if the block had none, or one with a NUL in it, which is
    /// ignored. An empty one clears the last event ID.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>
    /// Gets the <c>retry</c> field, in whole milliseconds: the reconnection time that the server asks for.
    /// <see langword="null"/> if the block had none, or only some that were not all ASCII digits. A value beyond what
    /// a <see cref="TimeSpan"/> can hold becomes the largest one that it can hold.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is less than zero, which no server can ask for.
    /// </exception>
    public TimeSpan? Retry
    {
        get;
        init => field = value < TimeSpan.Zero
            ? throw new ArgumentOutOfRangeException(nameof(value), value, "It must not be negative.")
            : value;
    }

    /// <summary>
    /// Gets the last event ID as of this event. Store it in order to resume after this event, with
    /// <c>SseOptions.LastEventId</c>. It is <see cref="Id"/> unless it was set explicitly. Empty if there is none.
    /// </summary>
    public string LastEventId
    {
        get => field ?? Id ?? "";
        init;
    }

    /// <summary>
    /// Gets <see cref="Event"/>, or <c>message</c> if that is <see langword="null"/> or empty, as in browsers.
    /// </summary>
    public string EventType => string.IsNullOrEmpty(Event) ? DefaultEventType : Event!;

    /// <summary>Determines whether all fields and the last event ID are equal.</summary>
    public bool Equals(SseEvent? other) =>
        ReferenceEquals(this, other)
        || other is not null && Event == other.Event && Data == other.Data && Id == other.Id
        && Retry == other.Retry && LastEventId == other.LastEventId;

    /// <inheritdoc/>
    public override int GetHashCode() => (Event, Data, Id, Retry, LastEventId).GetHashCode();
}
