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
    /// <summary>What <see cref="EventType"/> is where the server gave no other: <c>message</c>.</summary>
    public const string DefaultEventType = "message";

    // Every event of every stream is one of these objects, so the two below hold what is usual, and hold it small.
    private const long NoRetry = long.MinValue, OwnId = 1L << 62, Number = OwnId - 1;

    /// <summary>
    /// The last event ID: its text; null where it is a number and nobody has asked for the text yet; or, where the event's own
    /// ID is another, or there is a retry besides, both of them.
    /// </summary>
    private object? _ids;

    /// <summary>The retry in ticks. Or else, which its sign tells, whether the ID is the event's own, and the ID itself if it is a number.</summary>
    private long _retryOrId;

    /// <summary>Makes one without fields.</summary>
    public SseEvent()
    {
        Data = "";
        _ids = "";
        _retryOrId = NoRetry;
    }

    /// <summary>Makes one whose last event ID is a <see cref="NumericId"/>.</summary>
    internal SseEvent(string? type, string data, ulong numericId, bool isOwnId)
    {
        // A store of a reference costs a call, unless it is one to a literal; most events have no such field.
        if (type is not null)
            Event = type;
        Data = data;
        _retryOrId = NoRetry | (isOwnId ? OwnId : 0) | (long)numericId;
    }

    internal SseEvent(string? type, string data, string lastEventId, bool isOwnId)
    {
        if (type is not null)
            Event = type;
        Data = data;
        if (lastEventId.Length == 0)
            _ids = "";
        else
            _ids = lastEventId;
        _retryOrId = NoRetry | (isOwnId ? OwnId : 0);
    }

    /// <summary>The <c>event</c> field; <see langword="null"/> if the block had none. Of several, the last counts.</summary>
    public string? Event { get; init; }

    /// <summary>The <c>data</c> lines, joined with LF (U+000A). Empty if they were; never <see langword="null"/>.</summary>
    public string Data { get; init; }

    /// <summary>
    /// The <c>id</c> field; <see langword="null"/> if the block had none, or one with a NUL in it, which is ignored.
    /// An empty one clears the last event ID.
    /// </summary>
    public string? Id
    {
        get => _ids is Ids ids ? ids.Own : _retryOrId < 0 && (_retryOrId & OwnId) != 0 ? LastEventId : null;
        init => SetIds(value, LastEventId);
    }

    /// <summary>
    /// The <c>retry</c> field, in whole milliseconds: the reconnection time that the server asks for.
    /// <see langword="null"/> if the block had none, or only some that were not all ASCII digits. A value beyond what
    /// a <see cref="TimeSpan"/> holds has become the largest one it does.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to less than zero, which no server can ask for.</exception>
    public TimeSpan? Retry
    {
        get => _retryOrId < 0 ? null : TimeSpan.FromTicks(_retryOrId);
        init
        {
            Throw.IfNegative(value);
            (string? own, string last) = (Id, LastEventId);
            _retryOrId = value?.Ticks ?? NoRetry;
            SetIds(own, last);
        }
    }

    /// <summary>
    /// The last event ID as of this event, its own included: what to keep in order to resume after it, with
    /// <c>SseOptions.LastEventId</c>. Empty if there is none.
    /// </summary>
    public string LastEventId
    {
        get => _ids switch
        {
            string text => text,
            Ids ids => ids.Last,

            // Whoever comes first; the texts are equal.
            _ => (string)(_ids = NumericId.Unpack((ulong)(_retryOrId & Number))),
        };

        // Null is none, too, whatever its type says: a deserializer may know no better.
        init => SetIds(Id, value ?? "");
    }

    /// <summary><see cref="Event"/>, or <c>message</c> where that is <see langword="null"/> or empty, as browsers dispatch it.</summary>
    public string EventType => string.IsNullOrEmpty(Event) ? DefaultEventType : Event!;

    /// <summary>Whether all fields and the last event ID are equal.</summary>
    public bool Equals(SseEvent? other) =>
        ReferenceEquals(this, other)
        || other is not null && Event == other.Event && Data == other.Data && Id == other.Id && Retry == other.Retry && LastEventId == other.LastEventId;

    /// <inheritdoc/>
    public override int GetHashCode() => (Event, Data, Id, Retry, LastEventId).GetHashCode();

    private void SetIds(string? own, string last)
    {
        if (_retryOrId < 0)
            _retryOrId = NoRetry | (own is not null && own == last ? OwnId : 0);
        _ids = own is null || own == last && _retryOrId < 0 ? last : new Ids(own, last);
    }

    /// <summary>Both, where one of them does not follow from the other.</summary>
    private sealed record Ids(string Own, string Last);
}
