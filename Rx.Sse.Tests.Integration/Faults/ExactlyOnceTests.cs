using Polly;
using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Many events through a network that fails every few dozen of them, in every way there is.</summary>
[CancelAfter(900_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class ExactlyOnceTests
{
    /// <summary>
    /// Per stream; there is one stream per seed, all at the same time. The soak does the same for as long as you
    /// like.
    /// </summary>
    private const int Events = 1_500;

    private const int MaxEventsToFault = 70;
    private const int MaxEventsPerResponse = 200;

    private static readonly int[] Seeds = [1, 2, 3, 4];

    private static readonly FaultPlace[] Places =
        [.. Enum.GetValues<FaultPlace>().Where(place => place != FaultPlace.None)];

    /// <summary>
    /// A timeout that runs out early, on a machine that is busy, costs one more connection and nothing else.
    /// </summary>
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

        // It was no easy run: every fault happened everywhere, and the client noticed.
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
    /// Whether the client hears of it. What CutTests say about FIN before the headers, .NET's handler keeps to itself.
    /// </summary>
    private static bool IsNoticed((FaultKind Kind, FaultPlace Place) fault) =>
        fault.Kind.IsCut() && fault is not (FaultKind.Close, FaultPlace.BeforeHeaders);

    private static async Task<SequenceChecker> RunAsync(
        int seed, bool http2, FaultCounts counts, CancellationToken hang)
    {
        var log =
            new ReplayLog(seed) { Count = Events, MaxEventsPerResponse = MaxEventsPerResponse, Ends = counts.Ends };
        await using ReplayServer server = await ReplayServer.StartAsync(log);

        // A stalled connection of HTTP/2 is found out by pings, of which there is one in a second at most: see
        // HalfOpenTests.
        FaultPlan plan = FaultPlans.Random(seed, MaxEventsToFault, stalls: !http2);
        await using var stream = new FaultyStream(server, plan, http2, Options, counts);

        await stream.Completion.WaitAsync(hang);

        TestContext.Out.WriteLine($"seed {seed}: {stream.Sequence}");
        return stream.Sequence;
    }
}
