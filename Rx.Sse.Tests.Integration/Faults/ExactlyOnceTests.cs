using Polly;
using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Many events over a network with a fault every few dozen events, of every kind and at every place.</summary>
[CancelAfter(900_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class ExactlyOnceTests
{
    /// <summary>
    /// The number of events per stream. There is one stream per seed, and all run at the same time. The soak command
    /// does the same for any length of time.
    /// </summary>
    private const int Events = 1_500;

    private const int MaxEventsToFault = 70;
    private const int MaxEventsPerResponse = 200;

    private static readonly int[] Seeds = [1, 2, 3, 4];

    private static readonly FaultPlace[] Places =
        [.. Enum.GetValues<FaultPlace>().Where(place => place != FaultPlace.None)];

    /// <summary>On a busy machine a timeout may expire early. This costs only an extra connection.</summary>
    private static readonly SseOptions Options = new()
    {
        IdleTimeout = TimeSpan.FromMilliseconds(250),
        Reconnection = SseReconnection.Default with
        {
            DelayGenerator = _ => new(TimeSpan.FromMilliseconds(1)),
            ConfigureAttempt = builder => builder.AddTimeout(TimeSpan.FromMilliseconds(500)),
        },
    };

    [Test]
    public async Task FromSse_FaultsOfEveryKind_DeliversEveryEventOnceAndInOrder(
        [Values] bool http2, CancellationToken hang)
    {
        var counts = new FaultCounts();
        SequenceChecker[] sequences = await Task.WhenAll(Seeds.Select(seed => RunAsync(seed, http2, counts, hang)));

        TestContext.Out.WriteLine($"{counts.Connections} connections with events");
        TestContext.Out.WriteLine(
            $"faults: {counts.Injected.By(fault => fault.Kind)}; by the server itself: {counts.Ends}");
        TestContext.Out.WriteLine($"where: {string.Join(", ", Places.Select(place => $"{place} {CountAt(place)}"))}");
        TestContext.Out.WriteLine($"seen by the client: {counts.Losses}");
        Assert.That(
            sequences.Select(sequence => (sequence.IsFlawless, sequence.Received)),
            Is.All.EqualTo((true, (long)Events)));

        // Checks that the test was demanding: every kind of fault occurred, at every place, and the client noticed.
        Assert.That(
            Enum.GetValues<FaultKind>().Where(kind => Count(kind) == 0),
            Is.EqualTo(http2 ? [FaultKind.Stall] : Array.Empty<FaultKind>()));
        Assert.That(Places.Where(place => CountAt(place) == 0), Is.Empty);
        Assert.That(counts.Losses[LossReason.Refused], Is.GreaterThanOrEqualTo(Count(FaultKind.Refuse)));
        Assert.That(
            counts.Losses[LossReason.Silence] + counts.Losses[LossReason.NoHeaders],
            Is.GreaterThanOrEqualTo(Count(FaultKind.Stall)));
        Assert.That(
            counts.Losses.Total - counts.Losses[LossReason.End],
            Is.GreaterThanOrEqualTo(counts.Injected.Count(IsNoticed)));

        int Count(FaultKind kind) => counts.Injected.Count(fault => fault.Kind == kind);
        int CountAt(FaultPlace place) => counts.Injected.Count(fault => (fault.Place & place) != 0);
    }

    /// <summary>
    /// Whether the client sees the fault. .NET's handler hides a FIN before the headers; see <see cref="CutTests"/>.
    /// </summary>
    private static bool IsNoticed((FaultKind Kind, FaultPlace Place) fault) =>
        fault.Kind.IsCut() && fault is not (FaultKind.Close, FaultPlace.BeforeHeaders);

    private static async Task<SequenceChecker> RunAsync(
        int seed, bool http2, FaultCounts counts, CancellationToken hang)
    {
        var log =
            new ReplayLog(seed) { Count = Events, MaxEventsPerResponse = MaxEventsPerResponse, Ends = counts.Ends };
        await using ReplayServer server = await ReplayServer.StartAsync(log);

        // Over HTTP/2, only pings detect a stalled connection, at most one per second: see HalfOpenTests.
        FaultPlan plan = FaultPlans.Random(seed, MaxEventsToFault, stalls: !http2);
        await using var stream = new FaultyStream(server, plan, http2, Options, counts);

        await stream.Completion.WaitAsync(hang);

        TestContext.Out.WriteLine($"seed {seed}: {stream.Sequence}");
        return stream.Sequence;
    }
}
