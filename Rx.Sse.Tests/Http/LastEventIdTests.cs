using System.Net;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>IDs beyond ASCII, which handlers refuse to send that were not told how.</summary>
internal sealed class LastEventIdTests
{
    /// <summary>Not with the netstandard2.0 build: there, <see cref="HttpRequestException"/> has no status.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void FromSse_NonAsciiIdAndAnyOtherFailure_KeepsTheId()
    {
        Story story = Story.Begin(
            new SseOptions { LastEventId = "é", Reconnection = Story.WithoutJitter },
            Refuse(exception: new HttpRequestException("Connection refused", new IOException())),
            Refuse(exception: new HttpRequestException("EnsureSuccessStatusCode", null, HttpStatusCode.ServiceUnavailable)),
            Refuse(exception: new HttpRequestException("may be the ID")),
            Refuse(exception: new HttpRequestException("but is not")),
            OpenStream()).Until(60);

        story.Server.Requests.AssertEqual(
            ExpectedGet(Zero, Story.Path, "é"),
            ExpectedGet(FromSeconds(3), Story.Path, "é"),
            ExpectedGet(FromSeconds(9), Story.Path, "é"),
            ExpectedGet(FromSeconds(9), Story.Path),
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
            Refuse(exception: new HttpRequestException("only ASCII")),
            OpenStream().Event(Zero, "a").Reset(Zero),
            OpenStream().Event(Zero, "b", id: "1").Reset(Zero),
            OpenStream()).Until(60);

        story.Server.Requests.AssertEqual(
            ExpectedGet(Zero, Story.Path, "é"),
            ExpectedGet(Zero, Story.Path),
            ExpectedGet(FromSeconds(3), Story.Path),
            ExpectedGet(FromSeconds(6), Story.Path, "1"));
    }
}
