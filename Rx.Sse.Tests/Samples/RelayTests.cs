using System.Globalization;
using Microsoft.Reactive.Testing;
using Rx.Sse.Samples.FanOut;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Samples;

/// <summary>One upstream, many followers: upstream in virtual time, one event a second.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RelayTests
{
    private readonly TestScheduler _scheduler = new();
    private readonly SseTestServer _upstream;
    private readonly Relay _relay;

    public RelayTests()
    {
        _upstream = new SseTestServer(_scheduler).Otherwise(Numbers);
        _relay = new Relay(
            _upstream.CreateClient(), "/", new SseOptions { Reconnection = Story.WithoutJitter }, _scheduler);
    }

    [Test]
    public async Task Follow_ManyFollowers_ShareOneConnection(CancellationToken hang)
    {
        await using Follower first = Follow(), second = Follow(), third = Follow();
        AdvanceTo(3.5);

        foreach (Follower follower in new[] { first, second, third })
            Assert.That(await follower.TakeAsync(3, hang), Is.EqualTo(new[] { 1, 2, 3 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follow_WithoutAnId_BeginsWithTheNewest(CancellationToken hang)
    {
        await using Follower first = Follow();
        AdvanceTo(3.5);
        await using Follower second = Follow();
        AdvanceTo(5.5);

        Assert.That(await second.TakeAsync(3, hang), Is.EqualTo(new[] { 3, 4, 5 }));
    }

    [Test]
    public async Task Follow_WithAnId_HasWhatWasMissedAndWhatComes_Once(CancellationToken hang)
    {
        await using Follower first = Follow();
        AdvanceTo(5.5);
        await using Follower second = Follow("2");
        AdvanceTo(7.5);

        Assert.That(await second.TakeAsync(5, hang), Is.EqualTo(new[] { 3, 4, 5, 6, 7 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follow_WithAnIdOlderThanTheHistory_HasAllOfIt(CancellationToken hang)
    {
        await using Follower first = Follow();
        for (int second = 1; second <= Relay.HistorySize + 5; second++)
        {
            AdvanceTo(second + 0.5);
            await first.TakeAsync(1, hang);
        }

        await using Follower late = Follow("2");

        Assert.That(await late.TakeAsync(Relay.HistorySize, hang), Is.EqualTo(Enumerable.Range(6, Relay.HistorySize)));
    }

    [Test]
    public async Task Follow_TheFirstWithAnId_ResumesUpstreamThere(CancellationToken hang)
    {
        await using Follower first = Follow("41");
        AdvanceTo(1.5);

        Assert.That(await first.TakeAsync(1, hang), Is.EqualTo(new[] { 42 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero, lastEventId: "41"));
    }

    [Test]
    public async Task Upstream_Breaks_IsResumedForAll(CancellationToken hang)
    {
        var upstream = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "1", id: "1").Send(FromSeconds(2), "id: 2\ndata: cut o")
                .Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "2", id: "2"));
        var relay = new Relay(
            upstream.CreateClient(), "/", new SseOptions { Reconnection = Story.WithoutJitter }, _scheduler);
        await using Follower first = new(relay, ""), second = new(relay, "");
        AdvanceTo(10);

        Assert.That(await first.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(await second.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        upstream.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(5), lastEventId: "1"));
    }

    [Test]
    public async Task Everybody_Leaves_UpstreamIsClosedAfterAWhileAndResumedForTheNext(CancellationToken hang)
    {
        Follower first = Follow();
        AdvanceTo(2.5);
        Assert.That(await first.TakeAsync(2, hang), Is.EqualTo(new[] { 1, 2 }));
        await first.DisposeAsync();

        AdvanceTo(7.25);
        Assert.That(_upstream.OpenConnectionCount, Is.EqualTo(1), "somebody may come back");
        AdvanceTo(7.75);
        Assert.That(_upstream.OpenConnectionCount, Is.Zero);

        AdvanceTo(60);
        await using Follower next = Follow("2");
        AdvanceTo(61.5);
        Assert.That(await next.TakeAsync(6, hang), Is.EqualTo(new[] { 3, 4, 5, 6, 7, 8 }));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(60), lastEventId: "7"));
    }

    [Test]
    public async Task Follower_ComesBackInTime_FindsTheConnectionOpen(CancellationToken hang)
    {
        Follower first = Follow();
        AdvanceTo(1.5);
        await first.TakeAsync(1, hang);
        await first.DisposeAsync();
        AdvanceTo(5.5);
        await using Follower again = Follow("1");
        AdvanceTo(20.5);

        Assert.That(await again.TakeAsync(19, hang), Is.EqualTo(Enumerable.Range(2, 19)));
        _upstream.Requests.AssertEqual(ExpectedGet(Zero));
    }

    [Test]
    public async Task Follower_WhoDoesNotRead_HoldsNobodyUpAndIsLetGo(CancellationToken hang)
    {
        const int all = Relay.QueueSize + 10;
        await using Follower quick = Follow(), slow = Follow();
        for (int second = 1; second <= all; second++)
        {
            AdvanceTo(second + 0.5);
            Assert.That(await quick.TakeAsync(1, hang), Is.EqualTo(new[] { second }));
            if (second == 1)
                await slow.HoldsOneAsync(hang);
        }

        IReadOnlyList<int> received = await slow.TakeAsync(all, hang);
        Assert.That(
            received,
            Is.EqualTo(Enumerable.Range(1, Relay.QueueSize + 1)),
            "the first was waited for; then a full queue, and the end");

        await using Follower back = Follow($"{Relay.QueueSize + 1}");
        Assert.That(await back.TakeAsync(9, hang), Is.EqualTo(Enumerable.Range(Relay.QueueSize + 2, 9)));
    }

    [Test]
    public async Task Upstream_IsOver_EndsAll(CancellationToken hang)
    {
        var upstream = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "1", id: "1").Reset(FromSeconds(2)),
            Respond(System.Net.HttpStatusCode.NoContent));
        var relay = new Relay(upstream.CreateClient(), "/", new SseOptions(), _scheduler);
        await using Follower follower = new(relay, "");
        AdvanceTo(60);

        Assert.That(await follower.TakeAsync(100, hang), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Upstream_Fails_IsTold(CancellationToken hang)
    {
        var upstream = new SseTestServer(_scheduler, Respond(System.Net.HttpStatusCode.Unauthorized));
        List<Exception> failures = [];
        var relay = new Relay(upstream.CreateClient(), "/", new SseOptions(), _scheduler, failures.Add);
        await using Follower follower = new(relay, "");
        AdvanceTo(60);

        Assert.That(await follower.TakeAsync(1, hang), Is.Empty);
        Assert.That(failures, Has.Count.EqualTo(1).And.All.TypeOf<SseResponseException>());
    }

    /// <summary>Goes on after the ID, one a second, without end.</summary>
    private static SseScript Numbers(SseTestRequest request)
    {
        int last = request.LastEventId == "" ? 0 : int.Parse(request.LastEventId, CultureInfo.InvariantCulture);
        SseResponseScript script = OpenStream();
        for (int second = 1; second <= 2_000; second++)
            script = script.Event(FromSeconds(second), $"{last + second}", id: $"{last + second}");
        return script;
    }

    private Follower Follow(string lastEventId = "") => new(_relay, lastEventId);

    private void AdvanceTo(double seconds) => _scheduler.AdvanceTo(FromSeconds(seconds).Ticks);

    /// <summary>Joins at once, and reads when it is asked to.</summary>
    private sealed class Follower : IAsyncDisposable
    {
        private readonly CancellationTokenSource _leaving = new();
        private readonly IAsyncEnumerator<SseEvent> _events;
        private Task<bool> _next;

        public Follower(Relay relay, string lastEventId)
        {
            _events = relay.FollowAsync(lastEventId, _leaving.Token).GetAsyncEnumerator();
            _next = _events.MoveNextAsync().AsTask();
        }

        /// <summary>Waits until it has the next event, and takes no further one. False at the end.</summary>
        public Task<bool> HoldsOneAsync(CancellationToken hang) => _next.WaitAsync(hang);

        /// <summary>The next events, as many as are asked for, or fewer at the end.</summary>
        public async Task<IReadOnlyList<int>> TakeAsync(int count, CancellationToken hang)
        {
            List<int> events = [];
            while (events.Count < count && await _next.WaitAsync(hang))
            {
                events.Add(int.Parse(_events.Current.Data, CultureInfo.InvariantCulture));
                _next = _events.MoveNextAsync().AsTask();
            }

            return events;
        }

        public async ValueTask DisposeAsync()
        {
            await _leaving.CancelAsync();
            try
            {
                await _next;
            }
            catch (OperationCanceledException)
            {
            }

            await _events.DisposeAsync();
            _leaving.Dispose();
        }
    }
}
