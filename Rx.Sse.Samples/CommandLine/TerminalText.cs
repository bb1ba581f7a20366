using System.Globalization;
using System.Text;

namespace Rx.Sse.Samples;

/// <summary>
/// Replaces characters that are unsafe on a terminal. Text from the network could otherwise move the cursor, change the
/// title, write to the clipboard, or hide a part of itself.
/// </summary>
internal static class TerminalText
{
    private const int Delete = 0x7F, ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    /// <summary>Returns the text as one line: <c>ESC</c> becomes <c>␛</c>, and a line end <c>␊</c>.</summary>
    public static string Visible(string text) => Replace(text, SymbolFor);

    /// <summary>Returns the text, and keeps its line ends.</summary>
    public static string VisibleLines(string text) => string.Join('\n', text.Split('\n').Select(Visible));

    /// <summary>Returns the JSON with these characters escaped.</summary>
    public static string VisibleJson(string json) =>
        Replace(json, rune => string.Concat(rune.ToString().Select(unit => $"\\u{(int)unit:x4}")));

    private static string Replace(string text, Func<Rune, string> replacement)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var visible = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            visible.Append(IsUnsafe(rune) ? replacement(rune) : rune.ToString());
        return visible.ToString();
    }

    /// <summary>
    /// Whether it is a control character except tab, invisible, or changes the direction of the text. The two joiners
    /// are allowed, because Persian words and emoji need them.
    /// </summary>
    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value != '\t',
        UnicodeCategory.Format => rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned => true,

        // Letters and marks with Unicode's property Default_Ignorable_Code_Point, except the variation selectors from
        // FE00 on, which emoji need.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x3164
            or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF),
    };

    /// <summary>Unicode has symbols for the control characters of ASCII. All others become U+FFFD.</summary>
    private static string SymbolFor(Rune rune) => rune.Value switch
    {
        < ' ' => ((char)('\u2400' + rune.Value)).ToString(),
        Delete => "\u2421",
        _ => "\ufffd",
    };
}
