using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// Subscribers on many threads that subscribe and leave at every possible moment, with counts of everything about them
/// that can be counted.
/// </summary>
internal sealed class Crowd
{
    private const int Threads = 8;

    private const int MostSpins = 3_000;

    private static readonly int Moments = Enum.GetValues<Moment>().Length, Leavers = Enum.GetValues<Leaver>().Length;

    private readonly LoopLog _log = new();
    private readonly IObservable<SseSignal>[] _streams;

    private readonly int _wave;

    /// <param name="client">
    /// The client. It gives up after some time on a server that does not respond, so that every stream ends.
    /// </param>
    /// <param name="address">The address of all streams.</param>
    /// <param name="idleTimeout">How long the streams wait for a silent server.</param>
    /// <param name="wave">How many subscribers there are at the same time.</param>
    public Crowd(HttpClient client, string address, TimeSpan idleTimeout, int wave)
    {
        _wave = wave;
        Scheduler = new WatchedScheduler { OnThrown = _ => Exceptions.Decrement() };
        var options = new SseOptions
        {
            Logger = _log,
            MaxEventSize = Whim.MaxEventSize,
            IdleTimeout = idleTimeout,
            Reconnection = SseReconnection.Default with
            {
                MaxRetryAttempts = 2,
                DelayGenerator = static retry => new(TimeSpan.FromMilliseconds(retry.AttemptNumber)),
            },
        };
        SseOptions ends = options with { EndOfStream = SseEndOfStream.Complete };
        _streams =
        [
            Observable.FromSseSignals(client, address, options, Scheduler),
            Observable.FromSseSignals(client, address, ends, Scheduler),
            Observable.FromSse(client, address, options, Scheduler),
            Observable.FromSse(
                client,
                address,
                e => new SseEvent { Data = Encoding.UTF8.GetString(e.Data) },
                ends,
                Scheduler),
        ];
    }

    public WatchedScheduler Scheduler { get; }

    /// <summary>Subscriptions whose work has not ended.</summary>
    public Gauge Loops => _log.Loops;

    /// <summary>Other threads that are about to dispose.</summary>
    public Gauge Leaving { get; } = new();

    /// <summary>Exceptions that observers have thrown and that have not reached the scheduler yet.</summary>
    public Gauge Exceptions { get; } = new();

    /// <summary>
    /// Subscribes and leaves the given number of times, and waits until all work has ended. The report counts what is
    /// left of the subscribers that have left: nothing, after garbage collection.
    /// </summary>
    public async Task<CrowdReport> VisitAsync(int seed, int visitors, CancellationToken hang)
    {
        Task<List<Visitor>>[] threads = [.. Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () => Visit(new Random(seed + thread), visitors / Threads, hang),
            hang,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];
        await Task.WhenAll(threads);
        await Leaving.ZeroAsync(hang);
        await Loops.ZeroAsync(hang);
        await Exceptions.ZeroAsync(hang);
        await Scheduler.Running.ZeroAsync(hang);
        return Report(threads);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CrowdReport Report(Task<List<Visitor>>[] threads)
    {
        List<Visitor> visitors = [.. threads.SelectMany(thread => thread.Result)];
        var report = new CrowdReport(visitors);

        // Mono's garbage collector scans stacks conservatively, so it may keep a list that nothing uses any more.
        visitors.Clear();
        foreach (Task<List<Visitor>> thread in threads)
            thread.Result.Clear();
        return report;
    }

    private List<Visitor> Visit(Random random, int count, CancellationToken hang)
    {
        List<Visitor> visitors = [];
        while (visitors.Count < count)
        {
            var staying = new Gauge();
            for (int i = _wave / Threads; i > 0; i--)
            {
                var visitor = new Visitor(
                    (Moment)random.Next(Moments), (Leaver)random.Next(Leavers), random.Next(MostSpins), staying, this);
                Loops.Increment();
                visitor.Subscribe(_streams[random.Next(_streams.Length)], withinOperator: random.Next(2) == 0);
                visitors.Add(visitor);
            }

            // A subscriber that waits for a notification that does not come stays until the end of the stream.
            staying.ZeroAsync(hang).Wait(hang);
        }

        visitors.ForEach(visitor => visitor.Leave());
        return visitors;
    }
}
