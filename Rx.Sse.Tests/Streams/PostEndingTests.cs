using System.Net;
using Polly;
using Polly.Timeout;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>How streams of POST requests end, and when such a request is sent again.</summary>
internal sealed class PostEndingTests
{
    private static readonly SseResponseScript OneEvent = OpenStream().Event(Zero, "a");

    private static SseRequest Post { get; } = SseRequest.Post(Story.Path, () => new StringContent("{}"));

    [Test]
    public void Post_ConnectTimeout_FailsAtOnceWithTheTimeout()
    {
        Story story = Story.Begin(
            Post,
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = builder => builder.AddTimeout(FromSeconds(5))
                },
            },
            NeverAnswer()).ToTheEnd();

        Assert.That(story.EndTime, Is.EqualTo(5));
        Assert.That(
            story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<TimeoutRejectedException>());
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void Post_StreamEnds_Completes()
    {
        Story story = BeginPost(null, OneEvent.Close(FromSeconds(1)));

        Assert.That(story.HasCompleted);
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Post_AnyFailure_IsNotSentAgain()
    {
        Assert.Multiple(() =>
        {
            SseScript[] answers =
                [OneEvent.Reset(FromSeconds(1)), Refuse(), Respond(HttpStatusCode.ServiceUnavailable)];
            foreach (SseScript answer in answers)
            {
                Story story = BeginPost(null, answer);
                Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
                Assert.That(story.Error, Is.InstanceOf<SseException>());
            }
        });
    }

    [Test]
    public void Post_StrategyThatInsists_IsNotSentAgain()
    {
        Story story = Story.Begin(
            Post,
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with { ConfigureOutage = builder => builder.AddRetry(new()) },
            },
            Respond(HttpStatusCode.ServiceUnavailable, "first"),
            OpenStream()).ToTheEnd();

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("first"));
    }

    [Test]
    public void Post_ToldToReconnect_IsSentAgainWithNewContent()
    {
        int made = 0;
        Story story = Story.Begin(
            SseRequest.Post(Story.Path, () => new StringContent($"{++made}")),
            new SseOptions
            {
                EndOfStream = SseEndOfStream.Reconnect,
                Resend = SseResend.Always,
                Reconnection = Story.WithoutJitter,
            },
            Respond(HttpStatusCode.ServiceUnavailable),
            OneEvent.Reset(Zero),
            OneEvent.Close(Zero),
            OpenStream()).Until(60);

        story.Server.Requests.AssertEqual(
            SseTest.ExpectedPost(Zero, Story.Path, "1"),
            SseTest.ExpectedPost(FromSeconds(3), Story.Path, "2"),
            SseTest.ExpectedPost(FromSeconds(6), Story.Path, "3"),
            SseTest.ExpectedPost(FromSeconds(9), Story.Path, "4"));
    }

    [Test]
    public void Post_FailWithoutSentinel_Fails() =>
        Assert.That(
            BeginPost(SseEndOfStream.Fail, OneEvent.Close(FromSeconds(1))).Error, Is.TypeOf<SseEndOfStreamException>());

    private static Story BeginPost(SseEndOfStream? endOfStream, params SseScript[] script) =>
        Closed(
            Story.Begin(Post, new SseOptions { Reconnection = Story.WithoutJitter, EndOfStream = endOfStream }, script)
                .ToTheEnd());

    private static Story Closed(Story story)
    {
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
        return story;
    }
}
