using System.Globalization;
using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat.Server;

/// <summary>The answers of the embedded server, which has a few rules instead of a language model.</summary>
internal static partial class Answers
{
    private const string Introduction =
        "I am not a language model, but a small server in this sample. Language models answer a POST with "
        + "Server-Sent Events, one for every few letters. I can multiply, as in 6 * 7, and I remember your name during "
        + "this conversation, if you tell me.";

    /// <summary>Returns the answer to the last message. A name is looked up in all of them.</summary>
    public static string To(IReadOnlyList<ChatMessage> conversation)
    {
        string question = conversation[^1].Content;
        if (Product().Match(question) is { Success: true, Groups: var factors })
        {
            long product = long.Parse(factors[1].ValueSpan, CultureInfo.InvariantCulture)
                * long.Parse(factors[2].ValueSpan, CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{factors[0].Value} = {product}");
        }

        Match? name = conversation.Select(message => Name().Match(message.Content)).LastOrDefault(name => name.Success);
        return question.Contains("my name", StringComparison.OrdinalIgnoreCase)
            ? name is null ? "You have not told me your name." : $"Your name is {name.Groups[1].Value}."
            : question.Contains("thank", StringComparison.OrdinalIgnoreCase) ? "You are welcome." : Introduction;
    }

    [GeneratedRegex(@"([0-9]{1,9}) *\* *([0-9]{1,9})")]
    private static partial Regex Product();

    [GeneratedRegex(@"\bmy name is (\p{L}[\p{L}'-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Name();
}
