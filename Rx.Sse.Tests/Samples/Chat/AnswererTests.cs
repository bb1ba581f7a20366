using Rx.Sse.Samples.Chat;
using Rx.Sse.Samples.Chat.Server;

namespace Rx.Sse.Tests.Samples.Chat;

internal sealed class AnswererTests
{
    [TestCase("2 + 3 * 4", "2 + 3 * 4 = 14")]
    [TestCase("What is (2 + 3) * -4?", "(2 + 3) * -4 = -20")]
    [TestCase("0.1+0.2", "0.1+0.2 = 0.3")]
    [TestCase("How much is 10 / 4, please?", "10 / 4 = 2.5")]
    [TestCase("8 - 4 - 2", "8 - 4 - 2 = 2")]
    [TestCase("8 ÷ 4 × 2", "8 ÷ 4 × 2 = 4")]
    [TestCase("1 / 0", "'1 / 0' divides by zero.")]
    [TestCase("1 / 0.0", "'1 / 0.0' divides by zero.")]
    [TestCase(
        "99999999999999999999 * 99999999999999999999",
        "The result of '99999999999999999999 * 99999999999999999999' is too large for me.")]
    [TestCase("1 + (2", "I cannot make sense of '1 + (2'. I know + - * / and parentheses.")]
    [TestCase("1 ** 2", "I cannot make sense of '1 ** 2'. I know + - * / and parentheses.")]
    [TestCase("1.2.3 + 4", "I cannot make sense of '1.2.3 + 4'. I know + - * / and parentheses.")]
    public void Answer_Arithmetic_IsTheResult(string question, string answer) =>
        Assert.That(Answer(question), Is.EqualTo(answer));

    [Test]
    public void Answer_ArithmeticTooDeepForTheStack_IsRefused() =>
        Assert.That(
            Answer(new string('(', 900) + "1 + 1" + new string(')', 900)), Does.StartWith("I cannot make sense of"));

    [TestCase("hello", "Hello!")]
    [TestCase("Who are you?", "I am no language model")]
    [TestCase("What is the meaning of life?", "None of my rules fits that. I am no language model")]
    [TestCase("", "None of my rules fits that.")]
    [TestCase("What are server-sent events?", "Server-Sent Events are")]
    [TestCase("How does Rx.Sse reconnect?", "When a connection breaks")]
    [TestCase("what is last-event-id for", "An event may have an 'id:' line.")]
    [TestCase("WebSocket or SSE?", "A WebSocket is")]
    [TestCase("How do I test it?", "All delays and timeouts")]
    [TestCase("What is Rx.Sse?", "Rx.Sse turns")]
    [TestCase("What time is it?", "It is 18:30 on Thursday, 1 January 2026")]
    [TestCase("thank you", "You are welcome.")]
    public void Answer_Question_IsThatOfTheRuleThatFits(string question, string beginning) =>
        Assert.That(Answer(question), Does.StartWith(beginning));

    [Test]
    public void Answer_QuestionTooLong_SaysSo() =>
        Assert.That(Answer(new string('a', 3000)), Does.Contain("2000 characters"));

    [Test]
    public void Answer_AboutWhatWasSaidBefore_RemembersIt()
    {
        ChatMessage[] conversation =
        [
            new(ChatMessage.User, "My name is Zoë."), new(ChatMessage.Assistant, "Nice to meet you."),
            new(ChatMessage.User, "What is my name?"),
        ];

        Assert.That(new Answerer(TimeProvider.System).Answer(conversation), Is.EqualTo("Your name is Zoë."));
        Assert.That(Answer("What is my name?"), Is.EqualTo("You have not told me your name."));
    }

    private static string Answer(string question) =>
        new Answerer(new NewYear()).Answer([new ChatMessage(ChatMessage.User, question)]);

    private sealed class NewYear : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 18, 30, 0, TimeSpan.Zero);
    }
}
