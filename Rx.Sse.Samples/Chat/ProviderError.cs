using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat;

/// <summary>Finds errors in JSON of any shape, and the text in them that is meant for people.</summary>
internal static partial class ProviderError
{
    /// <summary>The longest error text to show, in characters.</summary>
    private const int MaxLength = 2000;

    /// <summary>The first HTTP status that is an error. Providers' own codes for errors are larger.</summary>
    private const int FirstErrorCode = 400;

    private static readonly string[] TypeNames = ["type", "object", "status"];
    private static readonly string[] CodeNames = ["code", "status", "status_code", "statusCode"];

    /// <summary>Returns the text of the error in a chunk of an answer; null if there is no error.</summary>
    public static string? In(JsonElement chunk)
    {
        foreach (JsonProperty property in chunk.EnumerateObject())
        {
            if (ErrorName().IsMatch(property.Name) && IsSet(property.Value))
                return Describe([chunk.Member("choices") is null ? chunk : property.Value]);
        }

        if (TypeNames.Any(name => IsErrorType(chunk.Member(name)?.Text() ?? ""))
            || CodeNames.Any(name => IsErrorCode(chunk.Member(name)))
            || chunk.Member("success") is { ValueKind: JsonValueKind.False })
            return Describe([chunk]);

        // Some providers report it in a separate member, or in a choice.
        return chunk.EnumerateObject()
            .Where(property => !Harmless().IsMatch(property.Name))
            .SelectMany(property => property is { Name: "choices", Value.ValueKind: JsonValueKind.Array }
                ? property.Value.EnumerateArray()
                : Enumerable.Repeat(property.Value, 1))
            .Where(value => value.ValueKind == JsonValueKind.Object)
            .Select(In)
            .FirstOrDefault(words => words is not null);
    }

    /// <summary>Whether it is the type of an error, such as "overloaded_error" or "response.failed".</summary>
    public static bool IsErrorType(string type) => ErrorType().IsMatch(type);

    /// <summary>Returns the error text in the body of a refused request; null if it is empty or an HTML page.</summary>
    public static string? InBody(string body) => string.IsNullOrWhiteSpace(body) || HtmlPage().IsMatch(body)
        ? null
        : Describe([.. LenientJson.Values(body)]);

    /// <summary>Returns the text of an error; its JSON if it has no text.</summary>
    public static string Describe(IReadOnlyList<JsonElement> error)
    {
        string words = string.Join(' ', error.SelectMany(value => WordsIn(value, isWord: true)).Distinct());
        if (words.Length == 0)
            words = string.Join(' ', error.Select(value => value.GetRawText()));
        return words.Length == 0
            ? "The provider reports an error, but does not say which."
            : words.Length > MaxLength ? $"{words[..MaxLength]}..." : words;
    }

    /// <summary>Returns the text in JSON that is meant for people; empty if there is none.</summary>
    public static string Words(JsonElement value) => string.Join(' ', WordsIn(value, isWord: false).Distinct());

    private static IEnumerable<string> WordsIn(JsonElement value, bool isWord) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject()
            .SelectMany(property => WordsIn(property.Value, WordName().IsMatch(property.Name))),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => WordsIn(item, isWord)),

        // Another provider's error, passed on as JSON in a string.
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

    /// <summary>Many APIs have a member for errors that is empty or zero when there is none.</summary>
    private static bool IsSet(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Object => value.EnumerateObject().Any(property => IsSet(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(IsSet),
        _ => value.Text().Trim() is not ("" or "0" or "null" or "none"),
    };

    [GeneratedRegex(
        "^(errors?|err|exception|fault)_?(msg|message|code|type|details?|description|info)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorName();

    [GeneratedRegex("error|exception|fail", RegexOptions.IgnoreCase)]
    private static partial Regex ErrorType();

    [GeneratedRegex(
        "^(errors?|err|exception|fault|cause|reason|raw|title|explanation)$|(message|msg|details?|description|string)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex WordName();

    [GeneratedRegex("<(html|!doctype html)", RegexOptions.IgnoreCase)]
    private static partial Regex HtmlPage();

    /// <summary>
    /// Members whose errors do not end the answer: those of content filters and of the model's tools.
    /// </summary>
    [GeneratedRegex("filter|usage|content_block", RegexOptions.IgnoreCase)]
    private static partial Regex Harmless();
}
