namespace Rx.Sse.Samples.FanOut;

/// <summary>The events that a relay keeps for its followers. All members may be used from any thread.</summary>
internal interface IEventLog
{
    /// <summary>Completes when there may be more to read than when the task was taken.</summary>
    Task Changed { get; }

    /// <summary>
    /// Appends the upstream's events, once subscribed to, and emits what it has appended. Where several relays share
    /// the log, it does so only while it is this relay's turn. Completes when the upstream does.
    /// </summary>
    /// <param name="upstream">Opens the upstream after an ID of the upstream, or at its newest event if empty.</param>
    IObservable<SseEvent> Append(Func<string, IObservable<SseEvent>> upstream);

    /// <summary>Returns the newest entry, or null if there is none.</summary>
    ValueTask<LogEntry?> ReadNewestAsync(CancellationToken cancellation);

    /// <summary>
    /// Returns entries in order, up to a limit: those after the entry with that ID, or from the oldest on if the ID is
    /// null. Returns null if there is no entry with that ID, so that something may be missing after it.
    /// </summary>
    ValueTask<IReadOnlyList<LogEntry>?> ReadAfterAsync(string? id, CancellationToken cancellation);
}
