using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Rx.Sse.Samples.FanOut;

/// <summary>
/// One connection upstream for any number of followers. It is opened when the first follower comes, and closed a while
/// after the last one has left; the next one opens it where it was. What has come lately is kept, for those who come
/// back with an ID.
/// </summary>
internal sealed class Relay
{
    /// <summary>How many events are kept.</summary>
    public const int HistorySize = 1_000;

    /// <summary>
    /// How many events a follower may be behind. One who is slower is let go, and comes back with its ID.
    /// </summary>
    public const int QueueSize = 256;

    /// <summary>How long the connection stays open without a follower.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Held while an event goes to the history and to all followers, and while a follower takes the history and joins
    /// them: so each event is in the one or comes by the other, and never both.
    /// </summary>
    private readonly object _gate = new();
    private readonly History _history = new(HistorySize);
    private readonly IObservable<SseEvent> _live;

    /// <summary>Where to begin while there is no history: what the first follower came with.</summary>
    private string _begin = "";

    /// <param name="client">What to connect with.</param>
    /// <param name="upstream">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="scheduler">For every delay.</param>
    /// <param name="onFailure">Is told why upstream has failed for good. It stays so.</param>
    public Relay(
        HttpClient client,
        SseRequest upstream,
        SseOptions options,
        IScheduler scheduler,
        Action<Exception>? onFailure = null)
    {
        _live = Observable
            .Defer(
                () => Observable.FromSse(
                    client, upstream, options with { LastEventId = _history.LastEventId ?? _begin }, scheduler))
            .Synchronize(_gate)
            .Do(_history.Add, failure => onFailure?.Invoke(failure))
            .Publish()
            .RefCount(minObservers: 1, Grace, scheduler);
    }

    /// <summary>
    /// What comes after the event with that ID, as far as it is still there, and then all that comes. Without an ID it
    /// begins with the newest event, so that there is something to see, and an ID to come back with. Ends where the
    /// follower has fallen too far behind, or upstream is over.
    /// </summary>
    public async IAsyncEnumerable<SseEvent> FollowAsync(
        string lastEventId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var queue = Channel.CreateBounded<SseEvent>(new BoundedChannelOptions(QueueSize) { SingleReader = true });
        using IDisposable membership = Join(lastEventId, queue.Writer, out IReadOnlyList<SseEvent> missed);
        foreach (SseEvent e in missed)
            yield return e;
        await foreach (SseEvent e in queue.Reader.ReadAllAsync(cancellation))
            yield return e;
    }

    private IDisposable Join(string lastEventId, ChannelWriter<SseEvent> queue, out IReadOnlyList<SseEvent> missed)
    {
        lock (_gate)
        {
            missed = lastEventId == "" ? _history.Newest : _history.After(lastEventId);
            _begin = lastEventId;
            return _live.Subscribe(
                e =>
                {
                    if (!queue.TryWrite(e))
                        queue.TryComplete();
                },
                _ => queue.TryComplete(),
                () => queue.TryComplete());
        }
    }
}
