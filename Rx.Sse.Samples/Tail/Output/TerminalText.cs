using System.Globalization;
using System.Text;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>
/// Makes text from the network harmless. What is sent to a terminal can move the cursor, change the title, write to the
/// clipboard, or hide what was really said. Characters that do so are replaced by signs.
/// </summary>
internal static class TerminalText
{
    private const int Delete = 0x7F, ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    /// <summary>Returns the text in one line: <c>ESC</c> becomes <c>␛</c>, and a line end <c>␊</c>.</summary>
    public static string Visible(string text) => Replace(text, SignFor);

    /// <summary>Returns the text with its line ends.</summary>
    public static string VisibleLines(string text) => string.Join('\n', text.Split('\n').Select(Visible));

    /// <summary>Returns JSON in which the strings have escapes.</summary>
    public static string VisibleJson(string json) =>
        Replace(json, rune => string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")));

    private static string Replace(string text, Func<Rune, string> replacement)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var visible = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            visible.Append(IsHarmful(rune) ? replacement(rune) : rune.ToString());
        return visible.ToString();
    }

    /// <summary>
    /// Controls except tab, and characters that cannot be seen or change the direction of the text. The two joiners are
    /// part of Persian words and of emoji.
    /// </summary>
    private static bool IsHarmful(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value != '\t',
        UnicodeCategory.Format => rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned => true,

        // The letters and marks with Unicode's property Default_Ignorable_Code_Point. Emoji need the variation
        // selectors from FE00 on.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164
            or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF),
    };

    /// <summary>Unicode has pictures of the controls of ASCII. U+FFFD stands for all other characters.</summary>
    private static string SignFor(Rune rune) => rune.Value switch
    {
        < ' ' => ((char)('\u2400' + rune.Value)).ToString(),
        Delete => "\u2421",
        _ => "\ufffd",
    };
}
