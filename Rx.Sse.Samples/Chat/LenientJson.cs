using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rx.Sse.Samples.Chat;

/// <summary>Reads JSON from servers that do not always send JSON. Nothing here throws.</summary>
internal static class LenientJson
{
    private const string DataPrefix = "data:";

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>
    /// Returns the values in a text: usually one, or one per line if the server has left out the blank lines. An array
    /// or string is replaced by the values in it. Text that is not JSON becomes a string.
    /// </summary>
    public static IEnumerable<JsonElement> Values(string text)
    {
        text = text.Trim().TrimStart('\uFEFF');
        if (text.StartsWith(DataPrefix, StringComparison.OrdinalIgnoreCase))
            return Values(text[DataPrefix.Length..]);
        if (Parse(text) is { } value)
            return Flatten(value);
        return text.Contains('\n')
            ? text.Split('\n').SelectMany(Values)
            : text.Length > 0 ? [JsonSerializer.SerializeToElement(text)] : [];
    }

    /// <summary>Returns a member; null if there is none.</summary>
    public static JsonElement? Member(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement member) ? member : null;

    /// <summary>Returns the text of a string or number; empty for anything else.</summary>
    public static string Text(this JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
            return value.GetRawText();
        if (value.ValueKind != JsonValueKind.String)
            return "";
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // It ends with half of a surrogate pair, whose other half is in the next chunk.
            return Regex.Unescape(value.GetRawText()[1..^1]);
        }
    }

    private static IEnumerable<JsonElement> Flatten(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Flatten),
        JsonValueKind.String => Values(value.Text()),
        _ => [value],
    };

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
