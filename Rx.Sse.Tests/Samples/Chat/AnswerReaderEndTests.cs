namespace Rx.Sse.Tests.Samples.Chat;

/// <summary>Ends of incomplete answers, and events that are neither text nor an end.</summary>
internal sealed class AnswerReaderEndTests
{
    private const string Hel = """{"choices":[{"delta":{"content":"Hel"}}]}""";

    [TestCase("length")]
    [TestCase("max_tokens")]
    [TestCase("MAX_TOKENS")]
    public void Read_LimitOfTokens_SaysThatTheAnswerIsCutOff(string reason)
    {
        ReadAnswer answer = ReadAnswer.Of(
            $$"""{"choices":[{"delta":{"content":"Hel"},"finish_reason":"{{reason}}"}]}""");

        Assert.That(answer.Text, Is.EqualTo("Hel"));
        Assert.That(answer.Error, Does.Contain("cut off").And.Contain($"'{reason}'"));
    }

    [Test]
    public void Read_AnyOtherReason_NamesIt(
        [Values("content_filter", "tool_calls", "refusal", "eos", "COMPLETE", "stopped", "1")] string reason,
        [Values] bool isAnthropic)
    {
        ReadAnswer answer = ReadAnswer.Of(
            Hel,
            isAnthropic
                ? "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason + "\"}}"
                : $$"""{"choices":[{"delta":{},"finish_reason":"{{reason}}"}]}""");

        Assert.That(answer.Text, Is.EqualTo("Hel"));
        Assert.That(answer.Error, Is.EqualTo($"The answer is not complete: it ended with '{reason}'."));
    }

    [Test]
    public void Read_ReasonWithExplanation_ShowsIt() =>
        Assert.That(
            ReadAnswer.Of("""{"choices":[{"finish_reason":"SAFETY","finish_message":"Blocked."}]}""").Error,
            Is.EqualTo("The answer is not complete: it ended with 'SAFETY'. Blocked."));

    [TestCase("[DONE]")]
    [TestCase("[done] ")]
    [TestCase("\"[DONE]\"")]
    [TestCase("""{"type":"message_stop"}""")]
    public void Read_EndWithoutReason_Fails(string end)
    {
        ReadAnswer answer = ReadAnswer.Of(Hel, end);

        Assert.That(answer.Text, Is.EqualTo("Hel"));
        Assert.That(answer.Error, Does.StartWith("The answer broke off").And.Contain("without the model's"));
    }

    [TestCase("Boom")]
    [TestCase("\"Boom\"")]
    [TestCase("""{"message":"Boom"}""")]
    [TestCase("""{"detail":[{"loc":["body"],"msg":"Boom"}]}""")]
    [TestCase("""{"code":"InvalidParameter","message":"Boom"}""")]
    public void Read_WordsNotMarkedAsError_AreKeptForTheEnd(string words)
    {
        Assert.That(ReadAnswer.Of(Hel, words).Error, Is.Null);
        Assert.That(ReadAnswer.Of(Hel, words).LastWords, Is.EqualTo(" The server's last message was 'Boom'."));
        Assert.That(ReadAnswer.Of(Hel, words, "[DONE]").Error, Does.EndWith(" The server's last message was 'Boom'."));
    }

    [TestCase("Boom", "Boom")]
    [TestCase("\"Boom\"", "Boom")]
    [TestCase("Oh\nBoom", "Oh Boom")]
    [TestCase("500", "500")]
    [TestCase("""{"message":"Boom"}""", "Boom")]
    [TestCase("""{"error":{"message":"Boom"}}""", "Boom")]
    [TestCase("""{"what":"Boom"}""", """{"what":"Boom"}""")]
    [TestCase("", "The provider reports an error, but does not say which.")]
    public void Read_ErrorEvent_FailsWithItsMessage(string data, string words)
    {
        foreach (string type in new[] { "error", "api_error", "exception" })
        {
            ReadAnswer answer = ReadAnswer.Of(
                [new SseEvent { Data = Hel }, new SseEvent { Event = type, Data = data }]);

            Assert.That(answer.Text, Is.EqualTo("Hel"));
            Assert.That(answer.Error, Is.EqualTo(words));
        }
    }

    [TestCase("""{"error":{"type":"overloaded_error"}}""")]
    [TestCase("""{"error":{"message":"","code":17}}""")]
    public void Read_ErrorWithoutMessage_ShowsItsJson(string error) =>
        Assert.That(ReadAnswer.Of(error).Error, Is.EqualTo(error));

    [Test]
    public void Read_ErrorWithMuchText_IsShortened() =>
        Assert.That(
            ReadAnswer.Of($$"""{"error":"{{new string('a', 100_000)}}"}""").Error, Has.Length.LessThan(2_010));

    [TestCase("\\ud83d", "\\ude00", "\U0001F600")]
    [TestCase("a\\n\\\"\\ud83d", "\\ude00\\\\", "a\n\"\U0001F600\\")]
    public void Read_SurrogatePairInTwoChunks_IsOneCharacter(string first, string second, string text) =>
        Assert.That(
            ReadAnswer.Of(Hel.Replace("Hel", first), Hel.Replace("Hel", second)).Text, Is.EqualTo(text));

    [Test]
    public void Read_AnyPartOfChunk_IsSkipped()
    {
        for (int length = 0; length < Hel.Length; length++)
        {
            ReadAnswer answer = ReadAnswer.Of(Hel, Hel[..length]);

            Assert.That(answer, Is.EqualTo(new ReadAnswer("Hel", false, null, "")), Hel[..length]);
        }
    }

    [Test]
    public void Read_AnyKindInAnyPlace_DoesNotThrow(
        [Values("null", "7", "true", "\"x\"", "[]", "{}", "[null]", "[[1]]", "{\"a\":[]}")] string value)
    {
        string[] chunks =
        [
            """{"choices":$}""", """{"choices":[$]}""", """{"choices":[{"delta":$,"message":$,"text":$}]}""",
            """{"choices":[{"delta":{"content":$}}]}""", """{"choices":[{"delta":{"content":[$]}}]}""",
            """{"choices":[{"delta":{"content":[{"type":$,"text":$}]}}]}""",
            """{"type":$,"delta":{"type":$,"text":$}}""",
            """{"object":$,"content_block":$,"usage":$,"status":$,"code":"$"}""", """{"delta":$,"message":$}""",
        ];

        foreach (string chunk in chunks.Select(chunk => chunk.Replace("$", value)))
            Assert.That(ReadAnswer.Of(chunk).Error, Is.Null, chunk);
    }
}
