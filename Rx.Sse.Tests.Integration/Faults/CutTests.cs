using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;
using static Rx.Sse.Tests.Reliability.Proxy.FaultKind;
using static Rx.Sse.Tests.Reliability.Proxy.FaultPlace;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Connections that break, with a TCP reset (RST) or a close (FIN), at every possible place.</summary>
[CancelAfter(60_000)]
internal sealed class CutTests
{
    private static readonly FaultPlace[] Places =
        [InHeaders, InChunkHead, InChunk, InCharacter, InEvent, BetweenEvents];

    [Test]
    public async Task Never_ConnectionIsCut_FailsAfterWhatCameWhole(
        [Values(Reset, Close)] FaultKind kind,
        [ValueSource(nameof(Places))] FaultPlace place,
        [Values] bool http2,
        CancellationToken hang)
    {
        FaultStory story = await FaultStory.RunAsync(http2, FaultStory.Never, hang, Cut(kind, place));

        Assert.That(story.Injected.Count(fault => fault.Kind == kind && fault.Place.HasFlag(place)), Is.EqualTo(1));
        Assert.That(story.Seen.Ids, Is.EqualTo(FaultStory.FirstIds(EventsBefore(place))));
        Assert.That(story.Seen.Error, Is.TypeOf<SseConnectionException>());
        Assert.That(
            story.Seen.Error!.InnerException, Is.InstanceOf<HttpRequestException>().Or.InstanceOf<IOException>());
        Assert.That(LossReason.Of((SseException)story.Seen.Error), Is.AnyOf(ReasonsFor(kind, http2)));
    }

    [Test]
    public async Task Reconnecting_ConnectionIsCut_ResumesAfterWhatCameWhole(
        [Values(Reset, Close)] FaultKind kind,
        [ValueSource(nameof(Places))] FaultPlace place,
        [Values] bool http2,
        CancellationToken hang)
    {
        FaultStory story = await FaultStory.RunAsync(http2, FaultStory.Quick, hang, Cut(kind, place));

        Assert.That(story.Injected.Count(fault => fault.Kind == kind && fault.Place.HasFlag(place)), Is.EqualTo(1));
        Assert.That(story.Seen.Ids, Is.EqualTo(FaultStory.FirstIds()));
        Assert.That(
            story.LastEventIds,
            Is.EqualTo(new[] { "", EventsBefore(place) == 0 ? "" : $"{EventsBefore(place)}", $"{FaultStory.Events}" }));
        Assert.That(story.Seen.Losses.First(), Is.AnyOf(ReasonsFor(kind, http2)));
        Assert.That(story.Seen.Losses.Skip(1), Is.EqualTo(new[] { LossReason.End }));
    }

    [Test]
    public async Task Reconnecting_ResetBeforeTheHeaders_TriesAgain([Values] bool http2, CancellationToken hang)
    {
        FaultStory story = await FaultStory.RunAsync(
            http2, FaultStory.Quick, hang, new(Reset, BeforeHeaders), new(Reset, BeforeHeaders));

        Assert.That(story.Injected[(Reset, BeforeHeaders)], Is.EqualTo(2));
        Assert.That(story.Seen.Ids, Is.EqualTo(FaultStory.FirstIds()));
        Assert.That(story.Seen.Losses.SkipLast(1), Has.Exactly(2).Items.And.All.AnyOf(ReasonsFor(Reset, http2)));
        Assert.That(story.Seen.Losses.Last(), Is.EqualTo(LossReason.End));
    }

    [Test]
    public async Task Never_ClosedBeforeTheHeaders_FailsOnceTheHandlerHasGivenUp(CancellationToken hang)
    {
        // If no byte of a response has arrived, .NET's handler treats FIN as the end of an idle connection and resends
        // the request by itself, up to three times.
        Fault[] faults = [.. Enumerable.Repeat(new Fault(Close, BeforeHeaders), 4)];

        FaultStory three = await FaultStory.RunAsync(http2: false, FaultStory.Never, hang, faults[..3]);
        FaultStory four = await FaultStory.RunAsync(http2: false, FaultStory.Never, hang, faults);

        Assert.That(three.Injected.Total, Is.EqualTo(3));
        Assert.That(three.Seen.Ids, Is.EqualTo(FaultStory.FirstIds()));
        Assert.That(four.Injected.Total, Is.EqualTo(4));
        Assert.That(LossReason.Of((SseException)four.Seen.Error!), Is.EqualTo(LossReason.CutShort));
    }

    [Test]
    public async Task Reconnecting_ClosedRightAfterTheHeaders_IsNoRecovery([Values] bool http2, CancellationToken hang)
    {
        FaultStory story = await FaultStory.RunAsync(
            http2, FaultStory.Quick, hang, Enumerable.Repeat(new Fault(Close, BetweenEvents), 3));

        // The last disconnection is the normal end of the stream, after a connection that had events.
        Assert.That(
            story.Seen.All<SseDisconnected>().Select(disconnected => disconnected.Attempt),
            Is.EqualTo(new[] { 1, 2, 3, 1 }));
        Assert.That(story.Seen.Ids, Is.EqualTo(FaultStory.FirstIds()));
    }

    [Test]
    public async Task Reconnecting_ServerIsDownForAWhile_ResumesAfterThat([Values] bool http2, CancellationToken hang)
    {
        FaultStory story = await FaultStory.RunAsync(
            http2, FaultStory.Quick, hang, new Fault(Refuse, InEvent) { AfterEvents = 3 });

        TestContext.Out.WriteLine(
            $"{story.Seen.Losses.Count(reason => reason == LossReason.Refused)} attempts were refused.");
        Assert.That(story.Seen.Losses.First(), Is.AnyOf(ReasonsFor(Reset, http2)));
        Assert.That(story.Seen.Losses.Skip(1).Distinct(), Is.EqualTo(new[] { LossReason.Refused, LossReason.End }));
        Assert.That(story.Seen.Ids, Is.EqualTo(FaultStory.FirstIds()));
        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "", "3", "6" }));
    }

    private static Fault Cut(FaultKind kind, FaultPlace place) =>
        new(kind, place) { AfterEvents = EventsBefore(place), Skip = 1 };

    private static int EventsBefore(FaultPlace place) => place == InHeaders ? 0 : 3;

    /// <summary>
    /// Over HTTP/2 the client writes while it reads, so each way of closing may look like the other: a write to a
    /// closed connection causes a reset. A reset is reported only once, so if a write gets the reset, the read sees
    /// only an end.
    /// </summary>
    private static object[] ReasonsFor(FaultKind kind, bool http2) =>
        http2 ? [LossReason.CutShort, LossReason.Reset] : [kind == Reset ? LossReason.Reset : LossReason.CutShort];
}
