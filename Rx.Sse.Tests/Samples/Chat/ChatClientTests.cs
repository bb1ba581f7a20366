using System.Net;
using Rx.Sse.Samples.Chat;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Samples.Chat;

internal sealed class ChatClientTests
{
    private const string Stop = """{"choices":[{"delta":{},"finish_reason":"stop"}]}""";
    private const string SlowDown = """{"error":{"message":"Slow down."}}""";

    private static SseResponseScript Beginning => OpenStream(FromSeconds(1)).Event(FromSeconds(2), Text("Hel"));

    private static SseResponseScript Whole => Beginning.Event(FromSeconds(3), Text("lo")).Event(FromSeconds(4), Stop);

    [Test]
    public void Ask_OpenAi_SendsWhatTheApiWants()
    {
        SseTestRequest request = new ChatStory(Whole).Server.Requests.Single();

        Assert.That(request.Method, Is.EqualTo(HttpMethod.Post));
        Assert.That(request.Address, Is.EqualTo(new Uri("https://provider.test/v1/chat/completions")));
        Assert.That(request.Headers["Authorization"], Is.EqualTo($"Bearer {ChatStory.Key}"));
        Assert.That(request.Headers["Content-Type"], Does.StartWith("application/json"));
        Assert.That(request.Body, Is.EqualTo(
            """{"model":"model-1","messages":[{"role":"user","content":"Hi"},"""
            + """{"role":"assistant","content":"Hello."},{"role":"user","content":"Why?"}],"stream":true}"""));
    }

    [Test]
    public void Ask_Anthropic_SendsWhatTheApiWants()
    {
        SseTestRequest request = new ChatStory(true, Whole).Server.Requests.Single();

        Assert.That(request.Method, Is.EqualTo(HttpMethod.Post));
        Assert.That(request.Address.AbsolutePath, Does.EndWith("/v1/messages"));
        Assert.That(request.Headers["x-api-key"], Is.EqualTo(ChatStory.Key));
        Assert.That(request.Headers["anthropic-version"], Is.EqualTo("2023-06-01"));
        Assert.That(request.Body, Is.EqualTo(
            """{"model":"model-1","max_tokens":4096,"messages":[{"role":"user","content":"Hi"},"""
            + """{"role":"assistant","content":"Hello."},{"role":"user","content":"Why?"}],"stream":true}"""));
    }

    [Test]
    public void Ask_ModelStops_IsWholeAtOnceAndClosesTheConnection()
    {
        var story = new ChatStory(Whole.Event(FromSeconds(5), """{"error":{"message":"too late"}}"""));

        Assert.That(story.Parts, Is.EqualTo(new AnswerPart[] { new AnswerText("Hel"), new AnswerText("lo") }));
        Assert.That(story.IsWhole);
        story.Server.Connections.AssertEqual(ExpectedConnection(FromSeconds(1), FromSeconds(4), SseClosedBy.Client));
    }

    [Test]
    public void Ask_StopWithoutBlankLine_IsWhole([Values] bool isReset)
    {
        SseResponseScript answer = Beginning.Send(FromSeconds(3), $"data: {Stop}\n");
        var story = new ChatStory(isReset ? answer.Reset(FromSeconds(4)) : answer.Close(FromSeconds(4)));

        Assert.That(story.IsWhole);
        Assert.That(story.Text, Is.EqualTo("Hel"));
    }

    [Test]
    public void Ask_ResponseEnds_FailsWithTextSoFar() =>
        AssertFails<SseEndOfStreamException>(Beginning.Close(FromSeconds(4)), "Hel", "The answer broke off.");

    [Test]
    public void Ask_ConnectionBreaks_FailsAndIsNotSentAgain() =>
        AssertFails<SseConnectionException>(Beginning.Reset(FromSeconds(4)), "Hel", "The answer broke off.");

    [Test]
    public void Ask_ConnectionBreaksBeforeText_FailsAndIsNotSentAgain() =>
        Assert.That(
            Single(OpenStream(FromSeconds(1)).Comment(FromSeconds(2)).Reset(FromSeconds(3))).Error,
            Is.TypeOf<SseConnectionException>());

    [Test]
    public void Ask_ResponseEndsWithoutEvent_Fails() =>
        AssertFails<SseEndOfStreamException>(OpenStream(Zero).Close(FromSeconds(1)), "", "There was no answer.");

    [Test]
    public void Ask_NoContent_Fails() =>
        Assert.That(
            Single(Respond(HttpStatusCode.NoContent)).Error,
            Is.TypeOf<ChatException>().And.Message.EqualTo("There was no answer."));

    [Test]
    public void Ask_ServerIsSilent_FailsAfterTheTimeout()
    {
        ChatStory story = AssertFails<SseIdleTimeoutException>(
            Beginning.Comment(FromSeconds(20)), "Hel", "The answer has stalled.");

        story.Server.Connections.AssertEqual(ExpectedConnection(FromSeconds(1), FromSeconds(50), SseClosedBy.Client));
    }

    [Test]
    public void Ask_EndAfterPlainText_FailsWithThatText() =>
        AssertFails<SseEndOfStreamException>(
            Beginning.Event(FromSeconds(3), "Out of memory").Close(FromSeconds(4)),
            "Hel",
            "The answer broke off. The server's last message was 'Out of memory'.");

    [Test]
    public void Ask_ServerCannotBeReached_FailsAtOnce() =>
        Assert.That(Single(Refuse()).Error, Is.TypeOf<SseConnectionException>());

    [TestCase(429)]
    [TestCase(503)]
    [TestCase(529)]
    public void Ask_RefusedTemporarily_WaitsAndAsksAgain(int status)
    {
        var story = new ChatStory(Refused(status, "7"), Whole);

        Assert.That(story.IsWhole);
        Assert.That(story.Parts[0], Is.EqualTo(new AnswerDelayed(FromSeconds(7), "Slow down.")));
        Assert.That(story.Text, Is.EqualTo("Hello"));
        Assert.That(
            story.Server.Requests.Select(request => request.Time), Is.EqualTo(new[] { Zero, FromSeconds(7) }));
        Assert.That(story.Server.Requests[1].Body, Is.EqualTo(story.Server.Requests[0].Body));
    }

    [Test]
    public void Ask_RefusedAgainAndAgain_FailsWithTheLastMessage()
    {
        var story = new ChatStory([.. Enumerable.Repeat(Refused(503, null), 6)]);

        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("Slow down."));
        Assert.That(
            story.Parts.Cast<AnswerDelayed>().Select(part => part.Delay.TotalSeconds),
            Is.EqualTo(new[] { 0.5, 1, 2, 4, 8 }));
    }

    [Test]
    public void Ask_BreaksOffAfterRefusal_IsNotSentAgain()
    {
        var story = new ChatStory(Refused(429, "1"), Beginning.Reset(FromSeconds(3)));

        Assert.That(story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo("The answer broke off."));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("""{"error":{"message":"Wrong key."}}""", "application/json")]
    [TestCase("""{"error":"Wrong key."}""", "application/json")]
    [TestCase("""{"detail":"Wrong key."}""", "text/html")]
    [TestCase("""[{"error":{"code":401,"message":"Wrong key."}}]""", null)]
    [TestCase("Wrong key.\n", "text/plain")]
    [TestCase("data: {\"message\":\"Wrong key.\"}\n\n", "text/event-stream")]
    public void Ask_Refused_SaysWhy(string body, string? contentType)
    {
        ChatStory story = Single(Respond(HttpStatusCode.Unauthorized, body, contentType));

        Assert.That(
            story.Error,
            Is.TypeOf<ChatException>()
                .And.Message.EqualTo("Wrong key.")
                .And.InnerException.TypeOf<SseResponseException>());
    }

    [TestCase("")]
    [TestCase("<html><body>Not found</body></html>")]
    public void Ask_RefusedWithoutMessage_FailsWithTheStatus(string body) =>
        Assert.That(
            Single(Respond(HttpStatusCode.NotFound, body, "text/html")).Error,
            Is.TypeOf<SseResponseException>().And.Message.Contains("404"));

    private static string Text(string text) => $$$"""{"choices":[{"delta":{"content":"{{{text}}}"}}]}""";

    private static SseScript Refused(int status, string? retryAfter) => Respond(
        (HttpStatusCode)status,
        SlowDown,
        "application/json",
        retryAfter is null ? [] : [("Retry-After", retryAfter)]);

    private static ChatStory Single(SseScript script)
    {
        var story = new ChatStory(script);
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1), "an answer is paid for once");
        Assert.That(story.IsWhole, Is.False);
        return story;
    }

    private static ChatStory AssertFails<T>(SseScript script, string text, string message)
    {
        ChatStory story = Single(script);
        Assert.That(story.Text, Is.EqualTo(text));
        Assert.That(
            story.Error, Is.TypeOf<ChatException>().And.Message.EqualTo(message).And.InnerException.TypeOf<T>());
        return story;
    }
}
