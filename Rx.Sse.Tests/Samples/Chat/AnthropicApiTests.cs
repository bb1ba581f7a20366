using System.Net;
using Rx.Sse.Samples.Chat;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Samples.Chat;

internal sealed class AnthropicApiTests
{
    private const string MessageStop = """{"type":"message_stop"}""";

    private static SseResponseScript Beginning => OpenStream(FromSeconds(1))
        .Event(
            FromSeconds(2),
            """{"type":"message_start","message":{"id":"m","role":"assistant","content":[]}}""",
            "message_start")
        .Event(
            FromSeconds(2),
            """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
            "content_block_start")
        .Event(FromSeconds(2), """{"type":"ping"}""", "ping")
        .Event(FromSeconds(3), Delta("Hel"), "content_block_delta");

    [Test]
    public void Answer_Asked_SendsWhatTheFormatWants()
    {
        SseTestRequest request = ApiStory.OfAnthropic(Beginning.Event(FromSeconds(4), MessageStop, "message_stop"))
            .Server.Requests[0];

        Assert.That(request.Method, Is.EqualTo(HttpMethod.Post));
        Assert.That(request.Address.AbsolutePath, Does.EndWith("/v1/messages"));
        Assert.That(request.Headers["x-api-key"], Is.EqualTo(ApiStory.Key));
        Assert.That(request.Headers["anthropic-version"], Is.EqualTo("2023-06-01"));
        Assert.That(request.Body, Is.EqualTo(
            """{"model":"model-1","max_tokens":4096,"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},{"role":"user","content":"Why?"}],"stream":true}"""));
    }

    [Test]
    public void Answer_UpToMessageStop_IsItsTexts()
    {
        ApiStory story = ApiStory.OfAnthropic(Beginning
            .Event(FromSeconds(4), Delta("lo, 日本"), "content_block_delta")
            .Event(FromSeconds(4), """{"type":"something_new"}""", "something_new")
            .Event(FromSeconds(5), """{"type":"content_block_stop","index":0}""", "content_block_stop")
            .Event(FromSeconds(5), """{"type":"message_delta","delta":{"stop_reason":"end_turn"}}""", "message_delta")
            .Event(FromSeconds(6), MessageStop, "message_stop"));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel", "lo, 日本" }));
        Assert.That(story.HasCompleted);
        story.Server.Connections.AssertEqual(ExpectedConnection(FromSeconds(1), FromSeconds(6), SseClosedBy.Client));
    }

    [Test]
    public void Answer_EndsWithoutMessageStop_Fails()
    {
        ApiStory story = ApiStory.OfAnthropic(Beginning.Close(FromSeconds(5)));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel" }));
        Assert.That(
            story.Error,
            Is.TypeOf<ChatException>()
                .And.Message.EqualTo("The answer broke off.")
                .And.InnerException.TypeOf<SseEndOfStreamException>());
    }

    [Test]
    public void Answer_ErrorEvent_FailsWithItsMessage()
    {
        ApiStory story = ApiStory.OfAnthropic(
            Beginning.Event(
                FromSeconds(4),
                """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
                "error"));

        Assert.That(story.Pieces, Is.EqualTo(new[] { "Hel" }));
        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("Overloaded"));
    }

    [Test]
    public void Answer_RefusedWithAnError_FailsWithItsMessage()
    {
        ApiStory story = ApiStory.OfAnthropic(Respond(
            HttpStatusCode.Unauthorized,
            """{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}""",
            "application/json"));

        Assert.That(
            story.Error,
            Is.TypeOf<ChatException>()
                .And.Message.EqualTo("invalid x-api-key")
                .And.InnerException.TypeOf<SseResponseException>());
    }

    [Test]
    public void Answer_CutOffAtTheLimitOfTokens_Fails()
    {
        ApiStory story = ApiStory.OfAnthropic(Beginning
            .Event(FromSeconds(4), """{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}""", "message_delta")
            .Event(FromSeconds(4), MessageStop, "message_stop"));

        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.Contains("cut off"));
    }

    private static string Delta(string text) =>
        $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""";
}
