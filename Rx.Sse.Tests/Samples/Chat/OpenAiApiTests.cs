using System.Net;
using Rx.Sse.Samples.Chat;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Samples.Chat;

internal sealed class OpenAiApiTests
{
    private const string Role = """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";
    private const string Stop =
        """{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";
    private const string Usage =
        """{"id":"c","object":"chat.completion.chunk","choices":[],"usage":{"total_tokens":7}}""";

    private static SseResponseScript Beginning =>
        OpenStream(FromSeconds(1)).Event(FromSeconds(2), Role).Event(FromSeconds(3), Chunk("Hel"));

    [Test]
    public void Answer_Asked_SendsWhatTheFormatWants()
    {
        SseTestRequest request = ApiStory.OfOpenAi(Beginning.Event(FromSeconds(4), "[DONE]")).Server.Requests[0];

        Assert.That(request.Method, Is.EqualTo(HttpMethod.Post));
        Assert.That(request.Address, Is.EqualTo(new Uri("https://provider.test/v1/chat/completions")));
        Assert.That(request.Headers["Authorization"], Is.EqualTo($"Bearer {ApiStory.Key}"));
        Assert.That(request.Headers["Content-Type"], Does.StartWith("application/json"));
        Assert.That(request.Body, Is.EqualTo(
            """{"model":"model-1","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},{"role":"user","content":"Why?"}],"stream":true}"""));
    }

    [Test]
    public void Answer_UpToDone_IsItsTexts()
    {
        ApiStory story = ApiStory.OfOpenAi(Beginning
            .Comment(FromSeconds(3), "processing")
            .Event(FromSeconds(4), Chunk("lo, 日本"))
            .Event(FromSeconds(5), Stop)
            .Event(FromSeconds(5), Usage)
            .Event(FromSeconds(6), "[DONE]"));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel", "lo, 日本" }));
        Assert.That(story.HasCompleted);
        story.Server.Connections.AssertEqual(ExpectedConnection(FromSeconds(1), FromSeconds(6), SseClosedBy.Client));
    }

    [Test]
    public void Answer_EndsWithoutDone_Fails()
    {
        ApiStory story = ApiStory.OfOpenAi(Beginning.Event(FromSeconds(4), Stop).Close(FromSeconds(5)));

        AssertBrokeOff<SseEndOfStreamException>(story);
    }

    [Test]
    public void Answer_ConnectionBreaks_FailsAndIsNotAskedForAgain()
    {
        ApiStory story = ApiStory.OfOpenAi(Beginning.Reset(FromSeconds(4)));

        AssertBrokeOff<SseConnectionException>(story);
    }

    [Test]
    public void Answer_ServerCannotBeReached_FailsAsTheStreamDoes()
    {
        ApiStory story = ApiStory.OfOpenAi(Refuse());

        Assert.That(story.Error, Is.TypeOf<SseConnectionException>());
    }

    [Test]
    public void Answer_NothingComesForAsLongAsAllowed_Fails()
    {
        ApiStory story = ApiStory.OfOpenAi(Beginning.Comment(FromSeconds(20)));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel" }));
        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("The answer has stalled."));
        story.Server.Connections.AssertEqual(ExpectedConnection(FromSeconds(1), FromSeconds(50), SseClosedBy.Client));
    }

    [Test]
    public void Answer_RefusedWithAnError_FailsWithItsMessage()
    {
        ApiStory story = ApiStory.OfOpenAi(Respond(
            HttpStatusCode.TooManyRequests,
            """{"error":{"message":"Rate limit reached.","type":"requests","param":null,"code":"rate_limit_exceeded"}}""",
            "application/json",
            [("Retry-After", "20")]));

        Assert.That(
            story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("Rate limit reached. Try again in 20 s."));
    }

    [TestCase("<html>Bad gateway</html>", "text/html")]
    [TestCase("""{"detail":"Not found"}""", "application/json")]
    [TestCase("""{"error":"no object"}""", "application/json")]
    public void Answer_RefusedWithAnotherBody_FailsWithTheStatus(string body, string contentType)
    {
        ApiStory story = ApiStory.OfOpenAi(Respond(HttpStatusCode.NotFound, body, contentType));

        Assert.That(story.Error, Is.TypeOf<SseResponseException>());
    }

    [Test]
    public void Answer_ErrorInTheMidstOfIt_FailsWithItsMessage()
    {
        ApiStory story = ApiStory.OfOpenAi(
            Beginning.Event(
                FromSeconds(4), """{"error":{"message":"The server had an error.","type":"server_error"}}"""));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel" }));
        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("The server had an error."));
    }

    [Test]
    public void Answer_CutOffAtTheLimitOfTokens_Fails()
    {
        ApiStory story = ApiStory.OfOpenAi(
            Beginning.Event(FromSeconds(4), Stop.Replace("stop", "length")).Event(FromSeconds(4), "[DONE]"));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel" }));
        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.Contains("cut off"));
    }

    [Test]
    public void Answer_NotInTheFormat_Fails()
    {
        ApiStory story = ApiStory.OfOpenAi(Beginning.Event(FromSeconds(4), "Hello"));

        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("The server does not speak this API."));
    }

    private static string Chunk(string text) => $$$"""{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"{{{text}}}"},"finish_reason":null}]}""";

    private static void AssertBrokeOff<T>(ApiStory story)
    {
        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel" }));
        Assert.That(
            story.Error,
            Is.TypeOf<ChatException>().And.Message.EqualTo("The answer broke off.").And.InnerException.TypeOf<T>());
    }
}
