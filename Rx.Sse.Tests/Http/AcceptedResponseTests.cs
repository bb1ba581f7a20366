using System.Net;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

/// <summary>Which responses are accepted as event streams, and what the errors say about the others.</summary>
internal sealed class AcceptedResponseTests
{
    private static readonly SseOptions AcceptsCreated = new()
    {
        ShouldAcceptResponse = r => r.StatusCode == HttpStatusCode.Created || SseOptions.IsEventStream(r),
    };

    [TestCase("text/event-stream", true)]
    [TestCase("Text/Event-Stream;charset=klingon", true)]
    [TestCase("text/html, text/event-stream", true)]
    [TestCase("text/event-stream, nonsense", true)]
    [TestCase("text/event-stream, */*", true)]
    [TestCase("text/event-stream,", true)]
    [TestCase("text/event-stream; a=\", text/html\"", true)]
    [TestCase("text/event-stream; a=\"\\\", text/html\"", true)]
    [TestCase("text/event-stream; a=\"not closed, text/html", true)]
    [TestCase("text/event-stream, text/html", false)]
    [TestCase("text/event-stream; a=\"\", text/html", false)]
    [TestCase("text/html; a=\", text/event-stream\"", false)]
    [TestCase("text/event-stream x", false)]
    [TestCase("text/event-stream\u00A0", false)]
    [TestCase("text/event-stream\u000B", false)]
    [TestCase("\ttext/event-stream \t", true)]
    [TestCase("text/", false)]
    [TestCase("*/*", false)]
    [TestCase("", false)]
    public void IsEventStream_ContentType_IsTheLastWellFormedOne(string contentType, bool expected)
    {
        using HttpResponseMessage response = Response(contentType);

        Assert.That(SseOptions.IsEventStream(response), Is.EqualTo(expected));
    }

    /// <summary>Not with the netstandard2.0 build, where .NET removes the space.</summary>
    [TestCase("text/ event-stream")]
    [TestCase("text /event-stream")]
    [Category("NotNetStandard")]
    public void IsEventStream_SpaceAtTheSlash_IsFalse(string contentType)
    {
        using HttpResponseMessage response = Response(contentType);

        Assert.That(SseOptions.IsEventStream(response), Is.False);
    }

    /// <summary>
    /// Not with the netstandard2.0 build, where .NET sorts the header lines by whether they are well-formed.
    /// </summary>
    [TestCase("text/html", "text/event-stream", true)]
    [TestCase("text/event-stream", "text/html", false)]
    [TestCase("text/event-stream", "nonsense", true)]
    [TestCase("nonsense", "text/event-stream", true)]
    [Category("NotNetStandard")]
    public void IsEventStream_TwoHeaderLines_IsTheLastWellFormedOne(string first, string second, bool expected)
    {
        using HttpResponseMessage response = Response(first);
        response.Content.Headers.TryAddWithoutValidation("Content-Type", second);

        Assert.That(SseOptions.IsEventStream(response), Is.EqualTo(expected));
    }

    [Test]
    public void IsEventStream_ResponseWithoutContent_IsFalse()
    {
        using var response = new HttpResponseMessage { Content = null };

        Assert.That(SseOptions.IsEventStream(response), Is.False);
        Assert.That(() => SseOptions.IsEventStream(null!), Throws.ArgumentNullException);
    }

    [TestCase("text/event-stream, text/html; charset=utf-8", "text/html")]
    [TestCase("text/event-stream x", null)]
    [TestCase("nonsense", null)]
    public void Message_OtherContentType_ShowsWhatTheServerSent(string contentType, string? mediaType)
    {
        Story story = Story.Begin(OpenStream().WithContentType(contentType).Close(Zero)).Until(60);

        Assert.That(
            story.Error,
            Is.TypeOf<SseResponseException>()
                .With.Message.Contains($"'{contentType}'")
                .And.Property(nameof(SseResponseException.MediaType)).EqualTo(mediaType));
    }

    [Test]
    public void Message_NoContentType_SaysSo()
    {
        Story story = Story.Begin(OpenStream().WithContentType(null).Close(Zero)).ToTheEnd();

        Assert.That(
            story.Error, Is.TypeOf<SseResponseException>().With.Message.Contains("without a content type"));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("zstd")]
    [TestCase("X-Something")]
    [TestCase("identity, gzip")]
    public void FromSse_EncodedBody_FailsWithTheRemedy(string encoding)
    {
        SseScript script = OpenStream().WithHeader("Content-Encoding", encoding).Send(Zero, "\x1f\x8b");
        Story story = Story.Begin(script).ToTheEnd();

        Assert.That(
            story.Error,
            Is.TypeOf<SseResponseException>()
                .With.Message.Contains($"'{encoding}'")
                .And.Message.Contains("AutomaticDecompression")
                .And.Property(nameof(SseResponseException.Body)).EqualTo(""));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    /// <summary>Values that some servers send by mistake, or to keep proxies from compressing.</summary>
    [TestCase("identity")]
    [TestCase("none")]
    [TestCase("chunked")]
    [TestCase("UTF-8")]
    [TestCase("")]
    public void FromSse_PlainBodyWithAnEncodingThatIsNone_IsRead(string encoding)
    {
        Story story = Story.Begin(OpenStream().WithHeader("Content-Encoding", encoding).Event(Zero, "a")).Until(1);

        Assert.That(story.Events, Is.EqualTo(new[] { (0.0, "a") }));
    }

    [Test]
    public void FromSse_EncodedError_ReportsTheStatusWithoutTheBody()
    {
        SseScript script = OpenStream()
            .WithStatus(HttpStatusCode.BadRequest).WithHeader("Content-Encoding", "gzip").Send(Zero, "\x1f");
        Story story = Story.Begin(script).ToTheEnd();

        Assert.That(
            story.Error,
            Is.TypeOf<SseResponseException>()
                .With.Message.Contains("400")
                .And.Property(nameof(SseResponseException.Body)).EqualTo(""));
    }

    [Test]
    public void ShouldAcceptResponse_StatusThatItAccepts_IsAStream()
    {
        SseScript script =
            OpenStream().WithStatus(HttpStatusCode.Created).WithContentType(null).Event(Zero, "a");
        Story story = Story.Begin(AcceptsCreated, script).Until(1);

        Assert.That(story.Events, Is.EqualTo(new[] { (0.0, "a") }));
    }

    [Test]
    public void ShouldAcceptResponse_EncodedBodyThatItAccepts_IsRefused()
    {
        SseScript script = OpenStream()
            .WithStatus(HttpStatusCode.Created).WithHeader("Content-Encoding", "br").Send(Zero, "x");
        Story story = Story.Begin(AcceptsCreated, script).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseResponseException>().With.Message.Contains("'br'"));
    }

    [Test]
    public void ShouldAcceptResponse_NoContent_CompletesWithoutAsking()
    {
        int asked = 0;
        Story story = Story.Begin(
            new SseOptions { ShouldAcceptResponse = _ => ++asked > 0 }, Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(story.HasCompleted);
        Assert.That(asked, Is.Zero);
    }

    [Test]
    public void ShouldAcceptResponse_EventStreamThatItRefuses_IsFinal()
    {
        Story story = Story.Begin(
            new SseOptions { ShouldAcceptResponse = _ => false }, OpenStream().Event(Zero, "a")).ToTheEnd();

        Assert.That(story.EndTime, Is.Zero, "an event stream is not read to explain the error");
        Assert.That(((SseResponseException)story.Error!).Body, Is.Empty);
        Assert.That(
            story.Error,
            Is.TypeOf<SseResponseException>().With.Message.Contains("ShouldAcceptResponse did not accept"));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void ShouldAcceptResponse_StatusThatItRefuses_IsRetriedAsUsual()
    {
        Story story = Story.Begin(
            AcceptsCreated with { Reconnection = Story.WithoutJitter },
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream().Event(Zero, "a")).Until(10);

        Assert.That(story.Events, Is.EqualTo(new[] { (3.0, "a") }));
    }

    [Test]
    public void ShouldAcceptResponse_Throws_EndsTheStream()
    {
        var thrown = new IOException("mine");
        Story story = Story.Begin(new SseOptions { ShouldAcceptResponse = _ => throw thrown }, OpenStream()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.SameAs(thrown));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void ShouldAcceptResponse_Null_IsRefused() =>
        Assert.That(() => new SseOptions { ShouldAcceptResponse = null! }, Throws.ArgumentNullException);

    [Test]
    public void ToSseObservable_ShouldAcceptResponse_Applies()
    {
        var response = new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent("data: a\n\n") };
        List<string> seen = [];

        using IDisposable subscription = response.ToSseObservable(AcceptsCreated)
            .Subscribe(e => seen.Add(e.Data), error => seen.Add(error.Message), () => seen.Add("completed"));

        Assert.That(seen, Is.EqualTo(new[] { "a", "completed" }));
    }

    private static HttpResponseMessage Response(string contentType)
    {
        var response = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return response;
    }
}
