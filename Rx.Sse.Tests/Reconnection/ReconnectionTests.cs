using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>When the client comes back, and with what. All in virtual time, to the tick.</summary>
internal sealed class ReconnectionTests
{
    [Test]
    public void FromSse_ConnectionBreaks_ReconnectsAfterTheBaseDelay()
    {
        Story story = Story.Begin(
            Answer.Stream.Sends(1, "data: a\n\n").Breaks(2),
            Answer.Stream.Sends(1, "data: b\n\n")).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 5.0 }));
        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (6.0, "b") }));
    }

    [Test]
    public void FromSse_StreamEnds_ReconnectsAfterTheBaseDelay()
    {
        Story story = Story.Begin(
            Answer.Stream.Sends(1, "data: a\n\n").Ends(1),
            Answer.Stream).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4.0 }));
    }

    [Test]
    public void FromSse_ServerStaysAway_DelaysDoubleUpToTheCap()
    {
        Story story = Story.Begin(Answer.Refused).Until(140);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21, 45, 75, 105, 135 }));
    }

    [Test]
    public void FromSse_ServerStaysAwayAfterADrop_DelaysDoubleUpToTheCap()
    {
        Story story = Story.Begin(
            Answer.Stream.Sends(1, "data: a\n\n").Breaks(1),
            Answer.Refused).Until(80);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4, 10, 22, 46, 76 }));
    }

    [Test]
    public void FromSse_AttemptsTakeTime_DelaysCountFromTheFailure()
    {
        Story story = Story.Begin(Answer.Refused.After(2)).Until(20);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 5, 13 }));
    }

    [Test]
    public void FromSse_ServerSetsRetry_ItIsTheBase()
    {
        Story story = Story.Begin(
            Answer.Stream.Sends(1, "retry: 500\n\n").Breaks(1),
            Answer.Refused).Until(8);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1.5, 2.5, 4.5 }));
    }

    [Test]
    public void FromSse_RetryInAnUnfinishedBlock_CountsAllTheSame()
    {
        Story story = Story.Begin(Answer.Stream.Sends(1, "data: a\nretry: 500\ndata: b").Breaks(1), Answer.Stream).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1.5 }));
    }

    [Test]
    public void FromSse_RetryLongerThanTheCap_IsNeverCutShort()
    {
        Story story = Story.Begin(
            Answer.Stream.Sends(1, "retry: 60000\n\n").Breaks(1),
            Answer.Refused).Until(200);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 61, 121, 181 }));
    }

    [Test]
    public void FromSse_RetryOfZero_IsNoBusyLoop()
    {
        Story story = Story.Begin(Answer.Stream.Sends(0, "retry: 0\ndata: a\n\n").Breaks(0)).Until(1);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0 }).Within(1e-9));
    }

    [Test]
    public void FromSse_RetryBeyondAllTimers_WaitsAsLongAsTimersReach()
    {
        Story story = Story.Begin(Answer.Stream.Sends(0, "retry: 99999999999999999999\ndata: a\n\n").Breaks(0)).Until(3_000_000);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, int.MaxValue / 1000.0 }));
    }

    [Test]
    public void FromSse_RetryAfterInSeconds_IsALowerBound()
    {
        Story story = Story.Begin(
            Answer.Response(503).With("Retry-After", "20"),
            Answer.Response(503).With("Retry-After", "1"),
            Answer.Stream).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 20, 26 }));
    }

    [Test]
    public void FromSse_RetryAfterAsDate_IsALowerBoundOnTheSchedulersClock()
    {
        Story story = Story.Begin(
            Answer.Response(429).With("Retry-After", "Mon, 01 Jan 0001 00:00:40 GMT"),
            Answer.Response(429).With("Retry-After", "Mon, 01 Jan 0001 00:00:05 GMT"),
            Answer.Stream).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 40, 46 }));
    }

    [Test]
    public void FromSse_EventAfterFailures_EndsTheRun()
    {
        Story story = Story.Begin(
            Answer.Refused,
            Answer.Refused,
            Answer.Stream.Sends(1, "data: a\n\n").Breaks(1),
            Answer.Refused,
            Answer.Stream).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 13, 19 }));
    }

    [Test]
    public void FromSse_OpenFor30SecondsWithoutEvents_EndsTheRun()
    {
        Story story = Story.Begin(
            Answer.Refused,
            Answer.Stream.Sends(15, ": heartbeat\n").Breaks(30),
            Answer.Stream.Breaks(29.999),
            Answer.Stream.Breaks(29.999),
            Answer.Stream).Until(600);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 36, 71.999, 113.998 }).Within(1e-9));
    }

    [Test]
    public void FromSse_200ThenClose_IsNoRecovery()
    {
        Story story = Story.Begin(Answer.Stream.Sends(0, ": hello\nid: 1\n\n").Ends(0)).Until(80);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21, 45, 75 }));
    }

    [Test]
    public void FromSse_Jitter_OnlyAdds([Values(0.0, 0.5, 0.9)] double chance)
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = Story.Reconnect(o => (o.UseJitter, o.Randomizer) = (true, () => chance)) },
            Answer.Refused).Until(20);

        Assert.That(story.RequestTimes[..3], Is.EqualTo(new[] { 0, 3 * (1 + chance / 2), 9 * (1 + chance / 2) }).Within(1e-6));
    }

    [Test]
    public void FromSse_JitterAndRetryAfter_ComesNoEarlierThanAsked()
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = Story.Reconnect(o => (o.UseJitter, o.Randomizer) = (true, () => 0.5)) },
            Answer.Response(503).With("Retry-After", "60"),
            Answer.Stream).Until(100);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0, 60.75 }));
    }

    [Test]
    public void FromSse_DefaultOptions_SpreadWithinHalfTheDelay()
    {
        double[] delays = [.. Enumerable.Range(0, 100).Select(_ => Story.Begin(new SseOptions(), Answer.Refused, Answer.Stream).Until(60).RequestTimes[1])];

        Assert.That(delays, Has.All.InRange(3.0, 4.5));
        Assert.That(delays.Distinct().Count(), Is.GreaterThan(90));
    }

    [Test]
    public void FromSse_OwnDelayGenerator_HasTheLastWord()
    {
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.Reconnect(o => o.DelayGenerator = args => new(args.AttemptNumber == 0 ? TimeSpan.FromSeconds(1) : null)),
            },
            Answer.Refused).Until(20);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 7, 19 }));
    }

    [Test]
    public void FromSse_OwnDelays_AreTheBaseAndTheCap()
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = Story.Reconnect(o => (o.Delay, o.MaxDelay) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3))) },
            Answer.Refused).Until(12);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 3, 6, 9, 12 }));
    }

    [Test]
    public void FromSse_OnRetry_SeesAttemptsDelaysAndCauses()
    {
        var retries = new List<(int, double, Type?)>();
        Story.Begin(
            new SseOptions
            {
                Reconnection = Story.Reconnect(o => o.OnRetry = args =>
                {
                    retries.Add((args.AttemptNumber, args.RetryDelay.TotalSeconds, args.Outcome.Exception?.GetType()));
                    return default;
                }),
            },
            Answer.Stream.Sends(0, "data: a\n\n").Breaks(0),
            Answer.Refused,
            Answer.Response(503),
            Answer.Stream).Until(60);

        Assert.That(retries, Is.EqualTo(new[]
        {
            (0, 3.0, typeof(IOException)), (1, 6.0, typeof(HttpRequestException)), (2, 12.0, typeof(SseResponseException)),
        }));
    }

    [Test]
    public void FromSse_EventsWithIds_ResumesAfterTheLastDispatchedOne()
    {
        Story story = Story.Begin(
            new SseOptions { LastEventId = "start", Reconnection = Story.WithoutJitter },
            Answer.Refused,
            Answer.Stream.Breaks(0),
            Answer.Stream.Sends(0, "id: 1\ndata: a\n\nid: 2\ndata: cut off\n").Breaks(0),
            Answer.Stream.Sends(0, "data: no id\n\n").Breaks(0),
            Answer.Stream.Sends(0, "id: 5\n\ndata: x").Breaks(0),
            Answer.Stream.Sends(0, "id\ndata: cleared\n\n").Breaks(0),
            Answer.Stream).Until(100);

        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "start", "start", "start", "1", "1", "5", null }));
        Assert.That(story.Observer.Messages[1].Value.Value, Is.EqualTo(new SseEvent { Data = "no id", LastEventId = "1" }));
    }

    [Test]
    public void FromSse_WholeDayOfOutages_ReplaysOnOneThread()
    {
        const int Outages = 1000;
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(
            scheduler,
            [.. Enumerable.Range(1, Outages).Select(i => Answer.Stream.Sends(1, $"id: {i}\ndata: {i}\n\n").Breaks(60)), Answer.Stream]);
        using var client = new HttpClient(server);
        var received = new List<string>();
        var threads = new HashSet<int>();

        using IDisposable subscription = Observable.FromSse(client, Story.Url, new SseOptions { Reconnection = Story.WithoutJitter }, scheduler)
            .Subscribe(e =>
            {
                received.Add(e.Data);
                threads.Add(Environment.CurrentManagedThreadId);
            });
        scheduler.AdvanceTo(TimeSpan.FromDays(1).Ticks);

        Assert.That(received, Is.EqualTo(Enumerable.Range(1, Outages).Select(i => $"{i}")));
        Assert.That(server.Requests[^1], Is.EqualTo(new Request(Outages * 63, $"{Outages}")));
        Assert.That(threads, Is.EqualTo(new[] { Environment.CurrentManagedThreadId }));
    }
}
