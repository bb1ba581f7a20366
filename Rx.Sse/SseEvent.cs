namespace Rx.Sse;

/// <summary>
/// An event, as the server dispatched it (WHATWG HTML, section 9.2.6). Immutable, and compared by value.
/// </summary>
/// <remarks>
/// <see cref="Event"/>, <see cref="Id"/> and <see cref="Retry"/> are the fields of this event's own block, and
/// <see langword="null"/> where the block had none. <see cref="LastEventId"/> also counts the blocks before it.
/// Ill-formed UTF-8 in any of them has become U+FFFD.
/// </remarks>
public sealed record SseEvent : SseSignal
{
    /// <summary>What <see cref="EventType"/> is where the server gave no other: <c>message</c>.</summary>
    public const string DefaultEventType = "message";

    private const long NoRetry = long.MinValue;

    /// <summary>Half as large as a nullable time, in the object that every event costs.</summary>
    private readonly long _retryTicks = NoRetry;

    /// <summary>The <c>event</c> field; <see langword="null"/> if the block had none. Of several, the last counts.</summary>
    public string? Event { get; init; }

    /// <summary>The <c>data</c> lines, joined with LF (U+000A). Empty if they were; never <see langword="null"/>.</summary>
    public string Data { get; init; } = "";

    /// <summary>
    /// The <c>id</c> field; <see langword="null"/> if the block had none, or one with a NUL in it, which is ignored.
    /// An empty one clears the last event ID.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>
    /// The <c>retry</c> field, in whole milliseconds: the reconnection time that the server asks for.
    /// <see langword="null"/> if the block had none, or only some that were not all ASCII digits. A value beyond what
    /// a <see cref="TimeSpan"/> holds has become the largest one it does.
    /// </summary>
    public TimeSpan? Retry
    {
        get => _retryTicks == NoRetry ? null : TimeSpan.FromTicks(_retryTicks);
        init => _retryTicks = value?.Ticks ?? NoRetry;
    }

    /// <summary>
    /// The last event ID as of this event, its own included: what to keep in order to resume after it, with
    /// <c>SseOptions.LastEventId</c>. Empty if there is none.
    /// </summary>
    public string LastEventId { get; init; } = "";

    /// <summary><see cref="Event"/>, or <c>message</c> where that is <see langword="null"/> or empty, as browsers dispatch it.</summary>
    public string EventType => string.IsNullOrEmpty(Event) ? DefaultEventType : Event!;
}
