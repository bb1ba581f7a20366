using System.Net;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>When the client reconnects, and with what. All in virtual time, exact to the tick.</summary>
internal sealed class ReconnectionTests
{
    [Test]
    public void FromSse_ConnectionBreaks_ReconnectsAfterTheBaseDelay()
    {
        Story story = Story.Begin(
            OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "b")).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 5.0 }));
        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (6.0, "b") }));
    }

    [Test]
    public void FromSse_StreamEnds_ReconnectsAfterTheBaseDelay()
    {
        Story story = Story.Begin(
            OpenStream().Event(FromSeconds(1), "a").Close(FromSeconds(1)),
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4.0 }));
    }

    [Test]
    public void FromSse_ServerStaysAway_DelaysDoubleUpToTheCap()
    {
        Story story = Story.Begin(Refuse()).Until(140);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21, 45, 75, 105, 135 }));
    }

    [Test]
    public void FromSse_ServerStaysAwayAfterADrop_DelaysDoubleUpToTheCap()
    {
        Story story = Story.Begin(
            OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(1)),
            Refuse()).Until(80);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4, 10, 22, 46, 76 }));
    }

    [Test]
    public void FromSse_AttemptsTakeTime_DelaysCountFromTheFailure()
    {
        Story story = Story.Begin(Refuse(FromSeconds(2))).Until(20);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 5, 13 }));
    }

    [Test]
    public void FromSse_ServerSetsRetry_ItIsTheBase()
    {
        Story story = Story.Begin(
            OpenStream().Send(FromSeconds(1), "retry: 500\n\n").Reset(FromSeconds(1)),
            Refuse()).Until(8);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1.5, 2.5, 4.5 }));
    }

    [Test]
    public void FromSse_RetryInAnUnfinishedBlock_StillCounts()
    {
        Story story = Story.Begin(
            OpenStream().Send(FromSeconds(1), "data: a\nretry: 500\ndata: b").Reset(FromSeconds(1)),
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1.5 }));
    }

    [Test]
    public void FromSse_RetryLongerThanTheCap_IsNeverCutShort()
    {
        Story story = Story.Begin(
            OpenStream().Send(FromSeconds(1), "retry: 60000\n\n").Reset(FromSeconds(1)),
            Refuse()).Until(200);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 61, 121, 181 }));
    }

    [Test]
    public void FromSse_RetryOfZero_IsNoBusyLoop()
    {
        Story story = Story.Begin(OpenStream().Send(Zero, "retry: 0\ndata: a\n\n").Reset(Zero)).Until(1);

        Assert.That(
            story.RequestTimes, Is.EqualTo(new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0 }).Within(1e-9));
    }

    [Test]
    public void FromSse_RetryBeyondAllTimers_WaitsAsLongAsTimersReach()
    {
        Story story = Story.Begin(OpenStream().Send(Zero, "retry: 99999999999999999999\ndata: a\n\n").Reset(Zero))
            .Until(3_000_000);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, int.MaxValue / 1000.0 }));
    }

    [Test]
    public void FromSse_RetryAfterInSeconds_IsALowerBound()
    {
        Story story = Story.Begin(
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "20")]),
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "1")]),
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 20, 26 }));
    }

    [Test]
    public void FromSse_RetryAfterAsDate_IsALowerBoundOnTheSchedulersClock()
    {
        Story story = Story.Begin(
            Respond(HttpStatusCode.TooManyRequests, headers: [("Retry-After", "Mon, 01 Jan 0001 00:00:40 GMT")]),
            Respond(HttpStatusCode.TooManyRequests, headers: [("Retry-After", "Mon, 01 Jan 0001 00:00:05 GMT")]),
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 40, 46 }));
    }

    [Test]
    public void FromSse_EventAfterFailures_EndsTheRun()
    {
        Story story = Story.Begin(
            Refuse(),
            Refuse(),
            OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(1)),
            Refuse(),
            OpenStream()).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 13, 19 }));
    }

    [Test]
    public void FromSse_OpenFor30SecondsWithoutEvents_EndsTheRun()
    {
        Story story = Story.Begin(
            Refuse(),
            OpenStream().Comment(FromSeconds(15), " heartbeat").Reset(FromSeconds(30)),
            OpenStream().Reset(FromSeconds(29.999)),
            OpenStream().Reset(FromSeconds(29.999)),
            OpenStream()).Until(600);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 36, 71.999, 113.998 }).Within(1e-9));
    }

    [Test]
    public void FromSse_200ThenClose_IsNoRecovery()
    {
        Story story = Story.Begin(OpenStream().Send(Zero, ": hello\nid: 1\n\n").Close(Zero)).Until(80);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21, 45, 75 }));
    }

    [Test]
    public void FromSse_Jitter_OnlyAdds([Values(0.0, 0.5, 0.9)] double chance)
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = Story.WithoutJitter with { UseJitter = true, Randomizer = () => chance } },
            Refuse()).Until(20);

        Assert.That(
            story.RequestTimes.Take(3),
            Is.EqualTo(new[] { 0, 3 * (1 + chance / 2), 9 * (1 + chance / 2) }).Within(1e-6));
    }

    [Test]
    public void FromSse_JitterAndRetryAfter_ComesNoEarlierThanAsked()
    {
        Story story = Story.Begin(
            new SseOptions { Reconnection = Story.WithoutJitter with { UseJitter = true, Randomizer = () => 0.5 } },
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "60")]),
            OpenStream()).Until(100);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0, 60.75 }));
    }

    [Test]
    public void FromSse_DefaultOptions_SpreadWithinHalfTheDelay()
    {
        double[] delays =
        [
            .. Enumerable.Range(0, 100)
                .Select(_ => Story.Begin(new SseOptions(), Refuse(), OpenStream()).Until(60).RequestTimes[1]),
        ];

        Assert.That(delays, Has.All.InRange(3.0, 4.5));
        Assert.That(delays.Distinct().Count(), Is.GreaterThan(90));
    }

    [Test]
    public void FromSse_CustomDelays_AreTheBaseAndTheCap()
    {
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with { Delay = FromSeconds(1), MaxDelay = FromSeconds(3) },
            },
            Refuse()).Until(12);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 3, 6, 9, 12 }));
    }

    [Test]
    public void FromSse_OnRetry_SeesAttemptsDelaysAndCauses()
    {
        var retries = new List<(int, double, Type?)>();
        Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    OnRetry = args =>
                {
                    retries.Add((args.AttemptNumber, args.RetryDelay.TotalSeconds, args.Outcome.Exception?.GetType()));
                    return default;
                }
                },
            },
            OpenStream().Event(Zero, "a").Reset(Zero),
            Refuse(),
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream()).Until(60);

        Assert.That(retries, Is.EqualTo(new[]
        {
            (0, 3.0, typeof(IOException)), (1, 6.0, typeof(HttpRequestException)),
            (2, 12.0, typeof(SseResponseException)),
        }));
    }

    [Test]
    public void FromSse_EventsWithIds_ResumesAfterTheLastDispatchedOne()
    {
        Story story = Story.Begin(
            new SseOptions { LastEventId = "start", Reconnection = Story.WithoutJitter },
            Refuse(),
            OpenStream().Reset(Zero),
            OpenStream().Send(Zero, "id: 1\ndata: a\n\nid: 2\ndata: cut off\n").Reset(Zero),
            OpenStream().Event(Zero, "no id").Reset(Zero),
            OpenStream().Send(Zero, "id: 5\n\ndata: x").Reset(Zero),
            OpenStream().Send(Zero, "id\ndata: cleared\n\n").Reset(Zero),
            OpenStream()).Until(100);

        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "start", "start", "start", "1", "1", "5", "" }));
        Assert.That(
            story.Observer.Messages[1].Value.Value, Is.EqualTo(new SseEvent { Data = "no id", LastEventId = "1" }));
    }
}
