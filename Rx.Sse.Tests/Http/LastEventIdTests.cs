using System.Net;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>Non-ASCII IDs, which handlers refuse to send unless they are told which encoding to use.</summary>
internal sealed class LastEventIdTests
{
    [Test]
    public void FromSse_NonAsciiIdAndAnyOtherFailure_KeepsTheId()
    {
        Story story = Story.Begin(
            new SseOptions { LastEventId = "é", Reconnection = Story.WithoutJitter },
            Refuse(exception: new HttpRequestException("Connection refused", new IOException())),
            Refuse(exception: HttpErrors.WithStatus(HttpStatusCode.ServiceUnavailable, "EnsureSuccessStatusCode")),
            Refuse(exception: new HttpRequestException("The answer is not ASCII.")),
            Refuse()).Until(30);

        story.Server.Requests.AssertEqual(
            ExpectedGet(Zero, Story.Path, "é"),
            ExpectedGet(FromSeconds(3), Story.Path, "é"),
            ExpectedGet(FromSeconds(9), Story.Path, "é"),
            ExpectedGet(FromSeconds(21), Story.Path, "é"));
    }

    [Test]
    public void FromSse_NonAsciiIdRefusedInAPost_IsNotSentAgain()
    {
        Story story = Story.Begin(
            SseRequest.Post(Story.Path, () => new StringContent("{}")),
            new SseOptions { LastEventId = "é" },
            Refuse()).ToTheEnd();

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>());
    }

    [Test]
    public void FromSse_NonAsciiIdRefusedOnce_IsNotTriedAgainButAnAsciiOneIsSent()
    {
        Story story = Story.Begin(
            new SseOptions { LastEventId = "é", Reconnection = Story.WithoutJitter },
            Refuse(exception: new HttpRequestException("Request headers must contain only ASCII characters.")),
            OpenStream().Event(Zero, "a").Reset(Zero),
            OpenStream().Event(Zero, "b", id: "1").Reset(Zero),
            OpenStream()).Until(60);

        story.Server.Requests.AssertEqual(
            ExpectedGet(Zero, Story.Path, "é"),
            ExpectedGet(Zero, Story.Path),
            ExpectedGet(FromSeconds(3), Story.Path),
            ExpectedGet(FromSeconds(6), Story.Path, "1"));
    }

    /// <summary>Over HTTP/3, the refusal is an inner exception.</summary>
    [Test]
    public void FromSse_NonAsciiIdRefusedByAnInnerException_IsLeftOut()
    {
        var inner = new InvalidDataException("Request headers must contain only ASCII characters.");
        Story story = Story.Begin(
            new SseOptions { LastEventId = "é", Reconnection = Story.WithoutJitter },
            Refuse(exception: new HttpRequestException("An error occurred while sending the request.", inner)),
            OpenStream().Event(FromSeconds(1), "a")).Until(60);

        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "é", "" }));
        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a") }));
    }

    /// <summary>Retrying would not help.</summary>
    [TestCase("", 1)]
    [TestCase("é", 2)]
    public void FromSse_OtherHeaderThatIsNotAscii_IsFinal(string lastEventId, int requests)
    {
        Story story = Story.Begin(
            new SseOptions { LastEventId = lastEventId, Reconnection = Story.WithoutJitter },
            Refuse(exception: new HttpRequestException("Request headers must contain only ASCII characters.")))
            .ToTheEnd();

        Assert.That(story.Server.Requests, Has.Count.EqualTo(requests));
        Assert.That(story.Error, Is.TypeOf<SseRequestException>().With.InnerException.TypeOf<HttpRequestException>());
    }
}
