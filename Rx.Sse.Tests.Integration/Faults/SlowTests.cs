using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;
using static Rx.Sse.Tests.Reliability.Proxy.FaultKind;
using static Rx.Sse.Tests.Reliability.Proxy.FaultPlace;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Networks that are slow but lose nothing.</summary>
[CancelAfter(300_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class SlowTests
{
    [Test]
    public async Task Drip_ByteByByte_DeliversEverything([Values] bool http2, CancellationToken hang)
    {
        FaultStory story = await FaultStory.RunAsync(
            http2, FaultStory.Quick, hang, new Fault(Drip, BeforeHeaders) { Length = int.MaxValue });

        Assert.That(story.Injected[(Drip, BeforeHeaders)], Is.EqualTo(1));
        Assert.That(story.Seen.Ids, Is.EqualTo(FaultStory.FirstIds()));
        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "", "6" }));
    }

    /// <summary>
    /// The proxy drops what it still holds when the server has sent everything. The next connection delivers it.
    /// </summary>
    [Test]
    public async Task HoldBack_InLargeLumps_DeliversEveryEventOnce(CancellationToken hang)
    {
        const int Events = 500;
        int connections = 0;
        var counts = new FaultCounts();
        await using ReplayServer server = await ReplayServer.StartAsync(new ReplayLog(seed: 1) { Count = Events });
        SseOptions options = FaultStory.Quick with { IdleTimeout = TimeSpan.FromMilliseconds(250) };
        await using var stream = new FaultyStream(server, HoldBackOnTheFirst, http2: false, options, counts);

        await stream.Completion.WaitAsync(hang);

        TestContext.Out.WriteLine($"{stream.Sequence}; {counts.Injected.By(fault => fault.Kind)}; {counts.Losses}");
        Assert.That((stream.Sequence.IsFlawless, stream.Sequence.Received), Is.EqualTo((true, Events)));
        Assert.That(counts.Injected.Total, Is.Positive);
        Assert.That(counts.Losses[LossReason.Silence], Is.Positive);

        Fault? HoldBackOnTheFirst(bool isNewConnection)
        {
            connections += isNewConnection ? 1 : 0;
            return connections == 1
                ? new Fault(HoldBack, BeforeHeaders | InHeaders | InChunkHead | InChunk) { Length = 5_000 }
                : null;
        }
    }
}
