using System.Net;
using System.Text;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>How the server's response is interpreted.</summary>
internal sealed class ResponseTests
{
    [TestCase("text/event-stream")]
    [TestCase("Text/Event-Stream")]
    [TestCase("text/event-stream; charset=utf-8")]
    [TestCase("text/event-stream;charset=iso-8859-1;foo=bar")]
    [TestCase("text/event-stream;")]
    [TestCase("text/event-stream; charset=utf-8 ; ;")]
    [TestCase("text/event-stream;x bogus")]
    [TestCase("text/event-stream; charset=\"utf-8")]
    public void FromSse_EventStream_IsReadAsUtf8(string contentType)
    {
        Story story = Story.Begin(OpenStream().WithContentType(contentType).Event(Zero, "é")).Until(1);

        Assert.That(story.Events, Is.EqualTo(new[] { (0.0, "é") }));
    }

    [TestCase("text/plain")]
    [TestCase("application/json")]
    [TestCase("text/event-stream-not")]
    [TestCase(null)]
    public void FromSse_OtherContentType_IsFinal(string? contentType)
    {
        Story story = Story.Begin(
            OpenStream().WithContentType(contentType).Send(Zero, "{\"error\":1}").Close(Zero)).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseResponseException>());
        var error = (SseResponseException)story.Error!;
        Assert.That(error.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(error.MediaType, Is.EqualTo(contentType));
        Assert.That(error.ContentHeaders!.ContentType?.MediaType, Is.EqualTo(contentType));
        Assert.That(error.Body, Is.EqualTo("{\"error\":1}"));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [TestCase(10)]
    [TestCase(1_000)]
    public void ToString_ResponseException_ShowsTheBodyThatTheMessageLacks(int length)
    {
        string body = new('x', length);
        var error = (SseResponseException)Story.Begin(Respond(HttpStatusCode.BadRequest, body)).ToTheEnd().Error!;

        Assert.That(error.ToString(), Does.Contain("400").And.EndsWith($"{Environment.NewLine}Body: {body}"));
        Assert.That(error.Message, Does.Not.Contain(body));
    }

    [Test]
    public void ToString_ResponseExceptionWithALongBody_ShowsItsStart()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadRequest);

        string text = new SseResponseException(response, new string('x', 1_001)).ToString();

        Assert.That(text, Does.EndWith($"Body: {new string('x', 1_000)}..."));
        Assert.That(new SseResponseException(response).ToString(), Does.Not.Contain("Body:"));
    }

    [TestCase(201)]
    [TestCase(202)]
    [TestCase(206)]
    [TestCase(301)]
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(501)]
    [TestCase(505)]
    public void FromSse_OtherStatus_IsFinal(int status)
    {
        Story story = Story.Begin(
            Respond((HttpStatusCode)status, "data: no\n\n", "text/event-stream", [("X-Reason", "why")])).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseResponseException>());
        var error = (SseResponseException)story.Error!;
        Assert.That((int)error.StatusCode, Is.EqualTo(status));
        Assert.That(error.Body, Is.EqualTo("data: no\n\n"));
        Assert.That(error.Headers.GetValues("X-Reason"), Is.EqualTo(new[] { "why" }));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.EndTime, Is.Zero);
    }

    [Test]
    public void FromSse_TransientStatus_IsRetried([Values(408, 429, 500, 502, 503, 504)] int status)
    {
        Story story = Story.Begin(Respond((HttpStatusCode)status), OpenStream().Event(Zero, "a")).Until(10);

        Assert.That(story.Events, Is.EqualTo(new[] { (3.0, "a") }));
    }

    [Test]
    public void FromSse_NoContent_Completes()
    {
        Story story = Story.Begin(
            OpenStream().Event(Zero, "a").Reset(FromSeconds(1)),
            Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(story.HasCompleted);
        Assert.That(story.EndTime, Is.EqualTo(4));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void FromSse_LargeErrorBody_IsCutAt64KiB()
    {
        Story story = Story.Begin(Respond(HttpStatusCode.BadRequest, new string('x', 100_000))).ToTheEnd();

        Assert.That(((SseResponseException)story.Error!).Body, Is.EqualTo(new string('x', 64 * 1024)));
    }

    [Test]
    public void FromSse_ErrorBodyThatStalls_TimesOutAfterFiveSeconds()
    {
        Story story = Story.Begin(OpenStream().WithContentType("text/html").Send(FromSeconds(1), "<html>")).ToTheEnd();

        Assert.That(((SseResponseException)story.Error!).Body, Is.EqualTo("<html>"));
        Assert.That(story.EndTime, Is.EqualTo(5));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void FromSse_ErrorBodyThatBreaks_IsReportedAsFarAsItCame()
    {
        Story story = Story.Begin(
            OpenStream().WithContentType("text/html").Send(FromSeconds(1), "<html>").Reset(FromSeconds(2))).ToTheEnd();

        Assert.That(((SseResponseException)story.Error!).Body, Is.EqualTo("<html>"));
        Assert.That(story.EndTime, Is.EqualTo(2));
    }

    [TestCase("text/plain; charset=iso-8859-1")]
    [TestCase("text/plain; charset=\"ISO-8859-1\"")]
    public void FromSse_ErrorBodyWithCharset_IsDecodedAsSuch(string contentType)
    {
        Story story = Story.Begin(
            OpenStream().WithContentType(contentType).Send(Zero, Encoding.Latin1.GetBytes("né")).Close(Zero))
            .ToTheEnd();

        Assert.That(((SseResponseException)story.Error!).Body, Is.EqualTo("né"));
    }

    [TestCase(null)]
    [TestCase("text/plain; charset=iso-8859-1")]
    [TestCase("text/plain; charset=klingon")]
    public void FromSse_ErrorBodyWithByteOrderMark_IsDecodedByIt(string? contentType)
    {
        Story story = Story.Begin(Respond(HttpStatusCode.BadRequest, "\uFEFF{é}", contentType)).ToTheEnd();

        Assert.That(((SseResponseException)story.Error!).Body, Is.EqualTo("{é}"));
    }

    [Test]
    public void FromSse_ConnectTimeoutDuringTheErrorBody_LeavesTheStatusTheError()
    {
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with
            {
                ConfigureAttempt = builder => builder.AddTimeout(FromSeconds(2)),
            },
        };

        Story final = Story.Begin(
            options, OpenStream().WithContentType("text/html").Send(FromSeconds(1), "<html>")).ToTheEnd();
        Story transient = Story.Begin(
            options,
            OpenStream().WithStatus(HttpStatusCode.ServiceUnavailable).WithHeader("Retry-After", "60"),
            OpenStream()).Until(100);

        Assert.That(final.Error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("<html>"));
        Assert.That(final.EndTime, Is.EqualTo(2));
        Assert.That(transient.RequestTimes, Is.EqualTo(new[] { 0.0, 62 }));
    }

    /// <summary>.NET Framework supports UTF-7.</summary>
    [TestCase("klingon")]
    [TestCase("utf-7", Category = "NotNetFramework")]
    public void FromSse_ErrorBodyWithUnknownCharset_IsDecodedAsUtf8(string charset)
    {
        Story story = Story.Begin(
            OpenStream().WithContentType($"text/plain; charset={charset}").Send(Zero, "né").Close(Zero)).ToTheEnd();

        Assert.That(((SseResponseException)story.Error!).Body, Is.EqualTo("né"));
    }

    [Test]
    public void FromSse_OversizedEvent_IsFinalAndLosesNothingBefore()
    {
        Story story = Story.Begin(
            new SseOptions { MaxEventSize = 10, Reconnection = Story.WithoutJitter },
            OpenStream().Send(Zero, "data: a\n\ndata: 01234\n\n"),
            OpenStream()).ToTheEnd();

        Assert.That(story.Events.Select(e => e.Data), Is.EqualTo(new[] { "a" }));
        Assert.That(story.Error, Is.TypeOf<SseLimitException>().With.Property("MaxEventSize").EqualTo(10));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }
}
