using System.Globalization;
using System.Net;
using Microsoft.Reactive.Testing;
using Rx.Sse.Samples.FanOut;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;
using static Rx.Sse.Tests.Samples.RelayFollower;

namespace Rx.Sse.Tests.Samples;

/// <summary>One upstream and many followers. The upstream runs in virtual time, with one event per second.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RelayTests
{
    private const int HistorySize = 20;

    private readonly TestScheduler _scheduler = new();
    private readonly SseTestServer _upstream;
    private readonly Relay _relay;

    public RelayTests()
    {
        _upstream = new SseTestServer(_scheduler).Otherwise(Numbers);
        _relay = NewRelay(_upstream);
    }

    [Test]
    public async Task Follow_ManyFollowers_ShareOneConnection(CancellationToken hang)
    {
        await using RelayFollower first = Follow(), second = Follow(), third = Follow();
        AdvanceTo(3.5);

        foreach (RelayFollower follower in new[] { first, second, third })
            Assert.That(await follower.TakeAsync(3, hang), Is.EqualTo(new[] { 1, 2, 3 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follow_WithoutAnId_BeginsWithTheNewest(CancellationToken hang)
    {
        await using RelayFollower first = Follow();
        AdvanceTo(3.5);
        await using RelayFollower second = Follow();
        AdvanceTo(5.5);

        Assert.That(await second.TakeAsync(3, hang), Is.EqualTo(new[] { 3, 4, 5 }));
    }

    [Test]
    public async Task Follow_WithAnId_HasWhatWasMissedAndWhatComes_Once(CancellationToken hang)
    {
        await using RelayFollower first = Follow();
        AdvanceTo(5.5);
        await first.TakeAsync(2, hang);
        await using RelayFollower second = Follow(first.LastEventId);
        AdvanceTo(7.5);

        Assert.That(await second.TakeAsync(5, hang), Is.EqualTo(new[] { 3, 4, 5, 6, 7 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follow_WithAnIdOlderThanTheLog_IsReset(CancellationToken hang)
    {
        await using RelayFollower first = Follow();
        AdvanceTo(1.5);
        await first.TakeAsync(1, hang);
        AdvanceTo(HistorySize + 1.5);
        await using RelayFollower known = Follow(first.LastEventId);
        Assert.That(await known.TakeAsync(1, hang), Is.EqualTo(new[] { Reset }), "its entry has just gone");

        Assert.That(await known.TakeAsync(HistorySize, hang), Is.EqualTo(Enumerable.Range(2, HistorySize)));
    }

    [TestCase("41")]
    [TestCase("0-0")]
    [TestCase("99999999999999-1")]
    [TestCase("$")]
    [TestCase("+")]
    [TestCase("never seen 漢")]
    public async Task Follow_WithAnUnknownId_IsReset_UpstreamDoesNotSeeIt(string id, CancellationToken hang)
    {
        await using RelayFollower first = Follow(id);
        Assert.That(await first.TakeAsync(1, hang), Is.EqualTo(new[] { Reset }), "the log is empty");
        AdvanceTo(2.5);
        Assert.That(await first.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        await using RelayFollower second = Follow(id);

        Assert.That(await second.TakeAsync(3, hang), Is.EqualTo(new[] { Reset, 1, 2 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follow_WithAnIdFromBeforeARestart_IsReset(CancellationToken hang)
    {
        await using RelayFollower before = Follow();
        AdvanceTo(1.5);
        await before.TakeAsync(1, hang);
        await using var after = new RelayFollower(NewRelay(_upstream), before.LastEventId);
        AdvanceTo(3.5);

        Assert.That(await after.TakeAsync(2, hang), Is.EqualTo(new[] { Reset, 1 }));
    }

    [Test]
    public async Task Upstream_Breaks_IsResumedForAll(CancellationToken hang)
    {
        var upstream = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "1", id: "1").Send(FromSeconds(2), "id: 2\ndata: cut o")
                .Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "2", id: "2"));
        Relay relay = NewRelay(upstream);
        await using RelayFollower first = new(relay, ""), second = new(relay, "");
        AdvanceTo(10);

        Assert.That(await first.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await second.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        upstream.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(5), lastEventId: "1"));
    }

    [Test]
    public async Task LastFollower_Leaves_UpstreamIsClosedAndResumedForTheNext(CancellationToken hang)
    {
        RelayFollower first = Follow();
        AdvanceTo(2.5);
        Assert.That(await first.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        string last = first.LastEventId;
        await first.DisposeAsync();

        AdvanceTo(7.25);
        Assert.That(_upstream.OpenConnectionCount, Is.EqualTo(1), "a follower may come back");
        AdvanceTo(7.75);
        Assert.That(_upstream.OpenConnectionCount, Is.Zero);

        AdvanceTo(60);
        await using RelayFollower next = Follow(last);
        AdvanceTo(61.5);
        Assert.That(await next.TakeAsync(6, hang), Is.EqualTo(new[] { 3, 4, 5, 6, 7, 8 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(60), lastEventId: "7"));
    }

    [Test]
    public async Task Follower_ComesBackInTime_FindsTheConnectionOpen(CancellationToken hang)
    {
        RelayFollower first = Follow();
        AdvanceTo(1.5);
        await first.TakeAsync(1, hang);
        await first.DisposeAsync();
        AdvanceTo(5.5);
        await using RelayFollower again = Follow(first.LastEventId);
        AdvanceTo(20.5);

        Assert.That(await again.TakeAsync(19, hang), Is.EqualTo(Enumerable.Range(2, 19)));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follower_ThatDoesNotRead_DelaysNoOtherAndContinues(CancellationToken hang)
    {
        await using RelayFollower quick = Follow(), slow = Follow();
        for (int second = 1; second <= HistorySize; second++)
        {
            AdvanceTo(second + 0.5);
            Assert.That(await quick.TakeAsync(1, hang), Is.EqualTo(new[] { second }));
            if (second == 1)
                await slow.HoldsOneAsync(hang);
        }

        Assert.That(await slow.TakeAsync(HistorySize, hang), Is.EqualTo(Enumerable.Range(1, HistorySize)));
    }

    [Test]
    public async Task Follower_FartherBehindThanTheLog_IsReset(CancellationToken hang)
    {
        await using RelayFollower slow = Follow();
        AdvanceTo(1.5);
        await slow.HoldsOneAsync(hang);
        AdvanceTo(HistorySize + 9.5);

        Assert.That(await slow.TakeAsync(3, hang), Is.EqualTo(new[] { 1, Reset, 10 }));
    }

    [Test]
    public async Task Upstream_IsOver_IsAskedAgainAfterAWhile(CancellationToken hang)
    {
        var upstream = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "1", id: "1").Reset(FromSeconds(2)),
            Respond(HttpStatusCode.NoContent),
            OpenStream().Event(FromSeconds(1), "2", id: "2"));
        List<Exception?> stops = [];
        Relay relay = NewRelay(upstream, stops.Add);
        await using RelayFollower follower = new(relay, "");
        AdvanceTo(60);

        Assert.That(await follower.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(stops, Is.EqualTo(new Exception?[] { null }));
        upstream.Requests.AssertEqual(
            ExpectedGet(Zero),
            ExpectedGet(FromSeconds(5), lastEventId: "1"),
            ExpectedGet(FromSeconds(5) + Relay.Pause, lastEventId: "1"));
    }

    /// <summary>Statuses after which a client gives up by itself.</summary>
    [TestCase(HttpStatusCode.Created)]
    [TestCase(HttpStatusCode.NotModified)]
    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.Unauthorized)]
    [TestCase(HttpStatusCode.NotFound)]
    [TestCase(HttpStatusCode.Gone)]
    [TestCase(HttpStatusCode.MisdirectedRequest)]
    [TestCase(HttpStatusCode.NotImplemented)]
    [TestCase(HttpStatusCode.NetworkAuthenticationRequired)]
    [TestCase((HttpStatusCode)799)]
    public async Task Upstream_AnswersAnythingWhileItRestarts_IsAskedAgain(
        HttpStatusCode status, CancellationToken hang)
    {
        var upstream = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "1", id: "1").Reset(FromSeconds(2)),
            Respond(status),
            Respond(status),
            OpenStream().Event(FromSeconds(1), "2", id: "2"));
        List<Exception?> stops = [];
        Relay relay = NewRelay(upstream, stops.Add);
        await using RelayFollower follower = new(relay, "");
        AdvanceTo(60);

        Assert.That(await follower.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(stops, Has.Count.EqualTo(2).And.All.TypeOf<SseResponseException>());
    }

    /// <summary>A proxy's error page, with status 200.</summary>
    [Test]
    public async Task Upstream_AnswersWithAPage_IsAskedAgain(CancellationToken hang)
    {
        var upstream = new SseTestServer(
            _scheduler,
            Respond(HttpStatusCode.OK, "<h1>Please wait</h1>", "text/html"),
            OpenStream().Event(FromSeconds(1), "1", id: "1"));
        List<Exception?> stops = [];
        Relay relay = NewRelay(upstream, stops.Add);
        await using RelayFollower follower = new(relay, "");
        AdvanceTo(60);

        Assert.That(await follower.TakeAsync(1, hang), Is.EqualTo(new[] { 1 }));
        Assert.That(stops, Has.Count.EqualTo(1));
    }

    private Relay NewRelay(SseTestServer upstream, Action<Exception?>? onStop = null) => new(
        upstream.CreateClient(),
        "/",
        new SseOptions { Reconnection = Story.WithoutJitter },
        new MemoryLog(HistorySize, _scheduler),
        _scheduler,
        onStop);

    /// <summary>Continues after the last event ID, with one event per second.</summary>
    private static SseScript Numbers(SseTestRequest request)
    {
        int last = request.LastEventId == "" ? 0 : int.Parse(request.LastEventId, CultureInfo.InvariantCulture);
        SseResponseScript script = OpenStream();
        for (int second = 1; second <= 2_000; second++)
            script = script.Event(FromSeconds(second), $"{last + second}", id: $"{last + second}");
        return script;
    }

    private RelayFollower Follow(string lastEventId = "") => new(_relay, lastEventId);

    private void AdvanceTo(double seconds) => _scheduler.AdvanceTo(FromSeconds(seconds).Ticks);
}
