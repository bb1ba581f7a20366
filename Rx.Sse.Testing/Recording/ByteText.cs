using System.Globalization;
using System.Text;

namespace Rx.Sse.Testing.Recording;

/// <summary>
/// Converts bytes to quoted text: readable UTF-8 stays as it is, and everything that a person or an editor could
/// overlook is escaped.
/// </summary>
internal static class ByteText
{
    private const char Quote = '"', Escape = '\\';

    /// <summary>
    /// Returns one quoted text for each line of the bytes, and one for the bytes after the last line end.
    /// </summary>
    public static IEnumerable<string> ToLines(byte[] bytes)
    {
        int start = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bool isLineEnd = bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == bytes.Length || bytes[i + 1] != '\n'));
            if (!isLineEnd && i + 1 < bytes.Length)
                continue;
            yield return ToText(bytes, start, i + 1);
            start = i + 1;
        }
    }

    public static string ToText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return ToText(bytes, 0, bytes.Length);
    }

    /// <summary>Returns the bytes of a quoted text; null if the text is not valid.</summary>
    public static byte[]? FromText(string text)
    {
        if (text is not [Quote, .. var content, Quote])
            return null;
        var bytes = new List<byte>(content.Length);
        for (int i = 0; i < content.Length;)
        {
            if (content[i] == Quote)
                return null;
            if (content[i] == Escape)
            {
                if (Unescape(content, ref i) is not { } value)
                    return null;
                bytes.Add(value);
                continue;
            }

            int length = char.IsHighSurrogate(content[i]) && i + 1 < content.Length ? 2 : 1;
            bytes.AddRange(Encoding.UTF8.GetBytes(content.Substring(i, length)));
            i += length;
        }

        return [.. bytes];
    }

    private static string ToText(byte[] bytes, int start, int end)
    {
        var text = new StringBuilder().Append(Quote);
        for (int i = start; i < end;)
        {
            int length = SequenceLength(bytes[i]);
            string? character = i + length <= end ? Encoding.UTF8.GetString(bytes, i, length) : null;
            if (character is not null && IsVisible(character, length))
            {
                text.Append(character is "\"" or "\\" ? $"{Escape}{character}" : character);
                i += length;
            }
            else
            {
                text.Append(EscapeOf(bytes[i++]));
            }
        }

        return text.Append(Quote).ToString();
    }

    private static int SequenceLength(byte lead) => lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    /// <summary>
    /// Whether the bytes are a single character that is visible on a screen and that editors preserve.
    /// </summary>
    private static bool IsVisible(string character, int byteCount)
    {
        bool isSingle = character.Length == 1 || (character.Length == 2 && char.IsSurrogatePair(character, 0));
        return isSingle
            && (character != "\uFFFD" || byteCount == 3)
            && CharUnicodeInfo.GetUnicodeCategory(character, 0) is var category
            && (character == " " || category is not (
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark));
    }

    private static string EscapeOf(byte value) => value switch
    {
        (byte)'\n' => @"\n",
        (byte)'\r' => @"\r",
        (byte)'\t' => @"\t",
        _ => @"\x" + value.ToString("X2", CultureInfo.InvariantCulture),
    };

    /// <summary>Reads an escape sequence, and advances to the next character.</summary>
    private static byte? Unescape(string content, ref int i)
    {
        char kind = i + 1 < content.Length ? content[i + 1] : '\0';
        i += 2;
        switch (kind)
        {
            case 'n':
                return (byte)'\n';
            case 'r':
                return (byte)'\r';
            case 't':
                return (byte)'\t';
            case Quote or Escape:
                return (byte)kind;
            case 'x' when i + 2 <= content.Length && Uri.IsHexDigit(content[i]) && Uri.IsHexDigit(content[i + 1]):
                i += 2;
                return (byte)(Uri.FromHex(content[i - 2]) * 16 + Uri.FromHex(content[i - 1]));
            default:
                return null;
        }
    }
}
