using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat;

/// <summary>
/// Reads the events of OpenAI's chat completions, of Anthropic's messages, and of the many variants of both. These
/// differ only in where the text, the finish reason and errors are. Everything else is skipped.
/// </summary>
internal sealed partial class AnswerReader
{
    private static readonly string[] FinishReasonNames =
        ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"];

    private static readonly string[] TextNames = ["content", "text", "value", "refusal", "delta"];

    private bool _hasDelta;
    private string _lastWords = "";

    /// <summary>Gets whether the answer has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>
    /// Gets a sentence with the last message that was neither text of the answer nor an error, because it may explain
    /// why the answer ends. Empty if there was none.
    /// </summary>
    public string LastWords => _lastWords.Length == 0 ? "" : $" The server's last message was '{_lastWords}'.";

    /// <exception cref="ChatException">The event is an error, or the end of an incomplete answer.</exception>
    public IEnumerable<AnswerPart> Read(SseEvent e)
    {
        if (ProviderError.IsErrorType(e.EventType))
            throw new ChatException(ProviderError.Describe([.. LenientJson.Values(e.Data)]));
        return LenientJson.Values(e.Data).SelectMany(Read);
    }

    private IEnumerable<AnswerPart> Read(JsonElement chunk)
    {
        if (chunk.ValueKind != JsonValueKind.Object)
        {
            ReadText(chunk.Text());
            yield break;
        }

        string? finishReason = null;
        foreach (JsonElement choice in Choices(chunk))
        {
            string text = Text(Body(choice));
            HasBegun |= text.Length > 0;
            if (text.Length > 0)
                yield return new AnswerText(text);
            finishReason ??= FinishReasonIn(choice) ?? FinishReasonIn(Body(choice));
        }

        if (ProviderError.In(chunk) is { } error)
            throw new ChatException(error);
        if (finishReason is not null)
            yield return Finish(finishReason, chunk);
        else if (chunk.Member("type")?.Text() == "message_stop")
            throw EndWithoutReason("message_stop");
        else if (chunk.Member("choices") is null && ProviderError.Words(chunk) is { Length: > 0 } words)
            _lastWords = words;
    }

    private static IEnumerable<JsonElement> Choices(JsonElement chunk) => chunk.Member("choices") switch
    {
        { ValueKind: JsonValueKind.Array } choices =>
            choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.Object),
        { ValueKind: JsonValueKind.Object } choice => [choice],
        _ => [chunk],
    };

    /// <summary>
    /// Returns the object with the text. Some providers repeat the text in a message beside the delta; that is skipped.
    /// </summary>
    private JsonElement Body(JsonElement choice)
    {
        if (choice.Member("delta") is { ValueKind: JsonValueKind.Object } delta)
        {
            _hasDelta = true;
            return delta;
        }

        return choice.Member("message") is { ValueKind: JsonValueKind.Object } message
            ? _hasDelta ? default : message
            : choice.Member("content_block") ?? choice;
    }

    /// <summary>
    /// The text of a string, a list of parts, or an object with one of these; without the model's thoughts.
    /// </summary>
    private static string Text(JsonElement? content) => content switch
    {
        null => "",
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Text(part))),
        { ValueKind: JsonValueKind.Object } part => OtherContent().IsMatch(part.Member("type")?.Text() ?? "")
            ? ""
            : TextNames.Select(name => Text(part.Member(name))).FirstOrDefault(text => text.Length > 0, ""),
        { } value => value.Text(),
    };

    /// <summary>Null before the end. Some providers send an empty string or "null" until then.</summary>
    private static string? FinishReasonIn(JsonElement choice) => FinishReasonNames
        .Select(name => choice.Member(name))
        .Select(reason => (reason?.Member("type") ?? reason?.Member("reason") ?? reason)?.Text().Trim())
        .FirstOrDefault(reason => reason is not (null or "" or "0" or "null"));

    private static AnswerFinished Finish(string reason, JsonElement chunk) => reason.ToLowerInvariant() switch
    {
        "stop" or "end_turn" or "stop_sequence" => new AnswerFinished(),
        "length" or "max_tokens" => throw new ChatException(
            $"The answer is cut off here: the model has reached its limit of tokens ('{reason}')."),
        _ => throw new ChatException(
            $"The answer is not complete: it ended with '{reason}'. {ProviderError.Words(chunk)}".TrimEnd()),
    };

    /// <summary>Reads what is not JSON: the end marker, a comment, JSON that was cut, or a message.</summary>
    private void ReadText(string text)
    {
        if (text.Equals("[DONE]", StringComparison.OrdinalIgnoreCase))
            throw EndWithoutReason(text);
        if (text.Length > 0 && text[0] is not (':' or '{'))
            _lastWords = text;
    }

    private ChatException EndWithoutReason(string end) => new(
        $"The answer broke off: the server sent '{end}' without the model's finish reason.{LastWords}");

    [GeneratedRegex("think|thought|reason|summary|tool|function|json|signature|citation", RegexOptions.IgnoreCase)]
    private static partial Regex OtherContent();
}
