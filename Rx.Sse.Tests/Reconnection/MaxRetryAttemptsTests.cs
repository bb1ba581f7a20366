using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>How many failures in a row are too many.</summary>
internal sealed class MaxRetryAttemptsTests
{
    private static readonly SseOptions ThreeRetries = new() { Reconnection = Story.Reconnect(o => o.MaxRetryAttempts = 3) };

    [Test]
    public void FromSse_MaxRetryAttempts_GivesUpWithTheLastCause()
    {
        Story story = Story.Begin(ThreeRetries, Answer.Response(503), Answer.Refused, Answer.Refused, Answer.Response(502, "bad"), Answer.Stream).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21 }));
        Assert.That(story.EndTime, Is.EqualTo(21));
        Assert.That(story.Error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("bad"));
        Assert.That(story.Server.Open, Is.Zero);
    }

    [Test]
    public void FromSse_MaxRetryAttempts_CountsADropAsTheFirstFailure()
    {
        Story story = Story.Begin(ThreeRetries, Answer.Stream.Sends(1, "data: a\n\n").Breaks(1), Answer.Refused).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4, 10, 22 }));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<HttpRequestException>());
    }

    [Test]
    public void FromSse_MaxRetryAttempts_CountsOn200ThenClose()
    {
        Story story = Story.Begin(ThreeRetries, Answer.Stream.Ends(0)).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21 }));
        Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>());
    }

    [Test]
    public void FromSse_MaxRetryAttempts_AreCountedAnewAfterARecovery()
    {
        Story story = Story.Begin(
            ThreeRetries,
            Answer.Refused,
            Answer.Refused,
            Answer.Stream.Sends(0, "data: a\n\n").Breaks(0),
            Answer.Refused).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 12, 18, 30 }));
    }
}
