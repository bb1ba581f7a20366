using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat;

/// <summary>Finds out whether JSON reports an error, whatever its shape, and what the provider says about it.</summary>
internal static partial class ProviderError
{
    /// <summary>What somebody would read of an error, in characters.</summary>
    private const int LongestWords = 2000;

    /// <summary>The first status of HTTP that is an error. Other codes for errors are larger.</summary>
    private const int FirstErrorCode = 400;

    private static readonly string[] Kinds = ["type", "object", "status"];
    private static readonly string[] Codes = ["code", "status", "status_code", "statusCode"];

    /// <summary>The words of the error in a chunk of an answer; null if it reports none.</summary>
    public static string? In(JsonElement chunk)
    {
        foreach (JsonProperty property in chunk.EnumerateObject())
        {
            if (ErrorName().IsMatch(property.Name) && SaysSomething(property.Value))
                return WordsOf([chunk.Member("choices") is null ? chunk : property.Value]);
        }

        if (Kinds.Any(kind => IsErrorKind(chunk.Member(kind)?.Text() ?? ""))
            || Codes.Any(code => IsErrorCode(chunk.Member(code)))
            || chunk.Member("success") is { ValueKind: JsonValueKind.False })
            return WordsOf([chunk]);

        // Some providers put it into an extension of theirs, or into the choice.
        return chunk.EnumerateObject()
            .Where(property => !Harmless().IsMatch(property.Name))
            .SelectMany(property => property is { Name: "choices", Value.ValueKind: JsonValueKind.Array }
                ? property.Value.EnumerateArray()
                : Enumerable.Repeat(property.Value, 1))
            .Where(value => value.ValueKind == JsonValueKind.Object)
            .Select(In)
            .FirstOrDefault(words => words is not null);
    }

    /// <summary>Whether that is the type of an error, such as "overloaded_error" or "response.failed".</summary>
    public static bool IsErrorKind(string type) => ErrorKind().IsMatch(type);

    /// <summary>What the body of a refused request says; null if it is empty or a page for browsers.</summary>
    public static string? InBody(string body) => string.IsNullOrWhiteSpace(body) || Page().IsMatch(body)
        ? null
        : WordsOf([.. LenientJson.Values(body)]);

    /// <summary>The words of an error; its JSON if it has none.</summary>
    public static string WordsOf(IReadOnlyList<JsonElement> error)
    {
        string words = string.Join(' ', error.SelectMany(value => WordsIn(value, isWord: true)).Distinct());
        if (words.Length == 0)
            words = string.Join(' ', error.Select(value => value.GetRawText()));
        return words.Length == 0
            ? "The provider reports an error, but does not say which."
            : words.Length > LongestWords ? $"{words[..LongestWords]}..." : words;
    }

    /// <summary>What is meant for people in JSON of any shape. Empty if there is nothing.</summary>
    public static string Words(JsonElement value) => string.Join(' ', WordsIn(value, isWord: false).Distinct());

    private static IEnumerable<string> WordsIn(JsonElement value, bool isWord) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .SelectMany(property => WordsIn(property.Value, WordName().IsMatch(property.Name))),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => WordsIn(item, isWord)),

        // An error of another provider, passed on as a string.
        JsonValueKind.String when isWord && value.Text().TrimStart().StartsWith('{') =>
            LenientJson.Values(value.Text()).SelectMany(inner => inner.ValueKind == JsonValueKind.Object
                ? WordsIn(inner, isWord)
                : [value.Text()]),
        _ when isWord && value.Text().Trim() is { Length: > 0 } text => [text],
        _ => [],
    };

    private static bool IsErrorCode(JsonElement? code) =>
        double.TryParse(code?.Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && number >= FirstErrorCode;

    /// <summary>Many APIs have a member for errors that says each time that there is none.</summary>
    private static bool SaysSomething(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Object => value.EnumerateObject().Any(property => SaysSomething(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(SaysSomething),
        _ => value.Text().Trim() is not ("" or "0" or "null" or "none"),
    };

    [GeneratedRegex(
        "^(errors?|err|exception|fault)_?(msg|message|code|type|details?|description|info)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorName();

    [GeneratedRegex("error|exception|fail", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorKind();

    [GeneratedRegex(
        "^(errors?|err|exception|fault|cause|reason|raw|title|explanation)$|(message|msg|details?|description|string)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex WordName();

    [GeneratedRegex("<(html|!doctype html)", RegexOptions.IgnoreCase)]
    private static partial Regex Page();

    /// <summary>A filter that has failed lets the text pass. A tool that has failed is the model's business.</summary>
    [GeneratedRegex("filter|usage|content_block", RegexOptions.IgnoreCase)]
    private static partial Regex Harmless();
}
