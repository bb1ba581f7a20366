using System.Net.ServerSentEvents;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;

namespace Rx.Sse.Samples.FanOut;

/// <summary>
/// One connection upstream for any number of followers. It is opened when the first follower comes, and closed a while
/// after the last one has left; the next one opens it after the newest event of the log. Followers read the log, each
/// at its own pace, so that a slow follower does not delay the others.
/// </summary>
internal sealed class Relay
{
    /// <summary>
    /// The type of the event that tells a follower that events may be missing before the next one.
    /// </summary>
    public const string ResetEvent = "reset";

    /// <summary>How long the connection stays open without a follower.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How long the relay waits before it asks an upstream again that has refused it or has ended.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many attempts in a row the library makes. Where relays share a log, another one then gets its turn.
    /// </summary>
    private const int Retries = 5;

    private readonly IEventLog _log;
    private readonly IObservable<SseEvent> _reading;

    /// <param name="client">The client that connects.</param>
    /// <param name="upstream">The stream to relay.</param>
    /// <param name="options">The settings of its connection. <c>LastEventId</c> is where an empty log begins.</param>
    /// <param name="log">What is kept for followers.</param>
    /// <param name="scheduler">The clock of all delays.</param>
    /// <param name="onStop">
    /// Called when the upstream refuses the relay, or has no more events (null). The relay asks again after
    /// <see cref="Pause"/>, whatever the reason: an upstream that restarts may answer anything for a while.
    /// </param>
    public Relay(
        HttpClient client,
        SseRequest upstream,
        SseOptions options,
        IEventLog log,
        IScheduler scheduler,
        Action<Exception?>? onStop = null)
    {
        _log = log;
        options = options with { Reconnection = options.Reconnection with { MaxRetryAttempts = Retries } };
        _reading = log
            .Append(lastEventId => Observable
                .FromSse(
                    client,
                    upstream,
                    lastEventId == "" ? options : options with { LastEventId = lastEventId },
                    scheduler)
                .Do(_ => { }, () => onStop?.Invoke(null)))
            .Catch((Exception failure) =>
            {
                onStop?.Invoke(failure);
                return Observable.Empty<SseEvent>();
            })
            .Concat(Observable.Empty<SseEvent>().Delay(Pause, scheduler))
            .Repeat()
            .Publish()
            .RefCount(minObservers: 1, Grace, scheduler);
    }

    /// <summary>
    /// Returns the events after the log's entry with that ID, in lists, and then waits for more. Without an ID it
    /// begins with the newest event, so that a follower sees something, and has an ID to resume after. If the log does
    /// not have the entry, because it is too old or was never there, the first event is a <see cref="ResetEvent"/>, and
    /// all events of the log follow. The same happens to a follower who is so slow that its last entry is no longer in
    /// the log. Does not end by itself.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<SseItem<string>>> FollowAsync(
        string lastEventId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using IDisposable membership = _reading.Subscribe();
        string? position = lastEventId;
        if (position == "")
        {
            LogEntry? newest = await _log.ReadNewestAsync(cancellation);
            position = newest?.Id;
            if (newest is not null)
                yield return [newest.ToItem()];
        }

        while (true)
        {
            // Taken before the log is read, so that an entry which is appended meanwhile is not missed.
            Task changed = _log.Changed;
            IReadOnlyList<LogEntry>? entries = await _log.ReadAfterAsync(position, cancellation);
            if (entries is null)
            {
                yield return [new SseItem<string>("Events may be missing here.", ResetEvent)];
                position = null;
            }
            else if (entries.Count == 0)
            {
                await changed.WaitAsync(cancellation);
            }
            else
            {
                yield return [.. entries.Select(entry => entry.ToItem())];
                position = entries[^1].Id;
            }
        }
    }
}
