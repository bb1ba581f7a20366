using Rx.Sse.Samples.Chat;
using Rx.Sse.Samples.Chat.Server;

namespace Rx.Sse.Tests.Samples.Chat;

internal sealed class AnswersTests
{
    [TestCase("What is 6 * 7?", "6 * 7 = 42")]
    [TestCase("999999999*999999999", "999999999*999999999 = 999999998000000001")]
    [TestCase("thank you", "You are welcome.")]
    [TestCase("What is my name?", "You have not told me your name.")]
    [TestCase("", "I am not a language model")]
    [TestCase("What is an event stream?", "I am not a language model")]
    public void To_Question_IsAnsweredByTheRuleThatFits(string question, string beginning) =>
        Assert.That(Answers.To([new ChatMessage(ChatMessage.User, question)]), Does.StartWith(beginning));

    [Test]
    public void To_QuestionAboutWhatWasSaid_RemembersIt() =>
        Assert.That(
            Answers.To(
            [
                new(ChatMessage.User, "My name is Zoë."), new(ChatMessage.Assistant, "Your name is Zoë."),
                new(ChatMessage.User, "What is my name?"),
            ]),
            Is.EqualTo("Your name is Zoë."));
}
