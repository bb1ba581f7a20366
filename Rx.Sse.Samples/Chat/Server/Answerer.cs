using System.Globalization;
using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>No language model, and it says so: the first rule that fits a question answers it.</summary>
internal sealed partial class Answerer(TimeProvider time)
{
    /// <summary>Longer questions are not answered.</summary>
    private const int MaxQuestionLength = 2000;

    private const string Introduction =
        "I am no language model, but a list of rules in the sample's embedded server. I can tell you about "
        + "Server-Sent Events (the format, reconnection, Last-Event-ID, heartbeats, WebSockets) and about Rx.Sse (how "
        + "to begin, retries, testing, errors), do arithmetic such as 2 * (3 + 4), and say what time it is. Tell me your "
        + "name, and I know it as long as this conversation lasts.";

    /// <summary>The answer to the last message; the ones before it are what there is to remember.</summary>
    public string Answer(IReadOnlyList<ChatMessage> conversation)
    {
        string question = conversation[^1].Content;
        if (question.Length > MaxQuestionLength)
            return $"That is more than {MaxQuestionLength} characters, and my rules are for short questions.";

        if (Expression().Match(question) is { Success: true } expression)
            return Calculate(expression.Value.Trim());
        if (AsksForName().IsMatch(question))
            return NameIn(conversation) is { } name ? $"Your name is {name}." : "You have not told me your name.";
        if (NameIn([conversation[^1]]) is { } told)
            return $"Nice to meet you, {told}. I remember that because the whole conversation comes along with every "
                + "question.";
        if (AsksForTime().IsMatch(question))
            return string.Create(
                CultureInfo.InvariantCulture,
                $"It is {time.GetLocalNow():HH:mm} on {time.GetLocalNow():dddd, d MMMM yyyy}, by the clock of this "
                    + $"machine.");
        if (AsksWhoItIs().IsMatch(question))
            return Introduction;
        if (Knowledge.About(question) is { } text)
            return text;
        if (Thanks().IsMatch(question))
            return "You are welcome.";
        if (Greeting().IsMatch(question))
            return $"Hello! {Introduction}";
        return $"None of my rules fits that. {Introduction}";
    }

    private static string Calculate(string expression)
    {
        try
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{expression} = {Arithmetic.Evaluate(expression):0.############################}");
        }
        catch (FormatException)
        {
            return $"I cannot make sense of '{expression}'. I know + - * / and parentheses.";
        }
        catch (DivideByZeroException)
        {
            return $"'{expression}' divides by zero.";
        }
        catch (OverflowException)
        {
            return $"The result of '{expression}' is too large for me.";
        }
    }

    private static string? NameIn(IReadOnlyList<ChatMessage> conversation) => conversation
        .Where(message => message.Role == ChatMessage.User)
        .Select(message => TellsName().Match(message.Content))
        .LastOrDefault(match => match.Success)?.Groups[1].Value;

    /// <summary>Numbers with operators between them.</summary>
    [GeneratedRegex(@"[(\-\s]*\d[\d.()\s]*[-+*/×÷][-+*/×÷\d.()\s]*[\d)]")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\bwhat('s| is) my name\b|\bwho am I\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksForName();

    [GeneratedRegex(@"\bmy name is (\p{L}[\p{L}'-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex TellsName();

    [GeneratedRegex(@"\bwhat time\b|\bthe time\b|\bwhat day\b|\b(today|date)\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksForTime();

    [GeneratedRegex(
        @"\bwho are you\b|\bwhat are you\b|\bwhat can you\b|\bare you an?\b|^\s*help\b", RegexOptions.IgnoreCase)]
    private static partial Regex AsksWhoItIs();

    [GeneratedRegex(@"\b(thanks|thank you)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Thanks();

    [GeneratedRegex(@"\b(hello|hi|hey|good (morning|evening|day))\b", RegexOptions.IgnoreCase)]
    private static partial Regex Greeting();
}
