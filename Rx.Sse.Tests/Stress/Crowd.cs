using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using System.Text;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// Subscribers on many threads that come and leave at every moment there is, and everything about them that can be
/// counted.
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
    /// Gives a server that does not answer up some time, so that every stream gets to an end.
    /// </param>
    /// <param name="address">The address of them all.</param>
    /// <param name="idleTimeout">When they give up a server that has fallen silent.</param>
    /// <param name="wave">So many are there at the same time.</param>
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

    /// <summary>Subscriptions whose work is not over.</summary>
    public Gauge Loops => _log.Loops;

    /// <summary>Other threads that are about to dispose.</summary>
    public Gauge Leaving { get; } = new();

    /// <summary>What observers have thrown and the scheduler has not.</summary>
    public Gauge Exceptions { get; } = new();

    /// <summary>
    /// Subscribes and leaves so often, and waits until nothing is at work any more. Returns what is left of those who
    /// left: nothing, once collected.
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
    private static CrowdReport Report(Task<List<Visitor>>[] threads) =>
        new([.. threads.SelectMany(thread => thread.Result)]);

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

            // Whoever waits for a notification that does not come stays until the end of the stream.
            staying.ZeroAsync(hang).Wait(hang);
        }

        visitors.ForEach(visitor => visitor.Leave());
        return visitors;
    }
}
