using System.Net;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>The limit on the number of failures in a row.</summary>
internal sealed class MaxRetryAttemptsTests
{
    private static readonly SseOptions ThreeRetries =
        new() { Reconnection = Story.WithoutJitter with { MaxRetryAttempts = 3 } };

    [Test]
    public void FromSse_MaxRetryAttempts_GivesUpWithTheLastCause()
    {
        Story story = Story.Begin(
            ThreeRetries,
            Respond(HttpStatusCode.ServiceUnavailable),
            Refuse(),
            Refuse(),
            Respond(HttpStatusCode.BadGateway, "bad"),
            OpenStream()).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21 }));
        Assert.That(story.EndTime, Is.EqualTo(21));
        Assert.That(story.Error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("bad"));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void FromSse_MaxRetryAttempts_CountsADropAsTheFirstFailure()
    {
        Story story = Story.Begin(
            ThreeRetries, OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(1)), Refuse()).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4, 10, 22 }));
        Assert.That(
            story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public void FromSse_MaxRetryAttempts_CountsOn200ThenClose()
    {
        Story story = Story.Begin(ThreeRetries, OpenStream().Close(Zero)).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21 }));
        Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>());
    }

    [Test]
    public void FromSse_MaxRetryAttempts_StartAtZeroAfterARecovery()
    {
        Story story = Story.Begin(
            ThreeRetries,
            Refuse(),
            Refuse(),
            OpenStream().Event(Zero, "a").Reset(Zero),
            Refuse()).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 12, 18, 30 }));
    }
}
