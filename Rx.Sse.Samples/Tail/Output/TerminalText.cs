using System.Buffers;

namespace Rx.Sse.Samples.Tail.Output;

/// <summary>
/// Text from the network, made harmless. What is sent to a terminal can move the cursor, change the title, fill the
/// clipboard or hide what was really said: so what is not text is shown as a sign.
/// </summary>
internal static class TerminalText
{
    /// <summary>Controls but for tab, line ends among them, and what turns the direction of the text around.</summary>
    private static readonly SearchValues<char> Harmful = SearchValues.Create(
    [
        .. Range('\0', '\u001f').Where(c => c != '\t'),
        .. Range('\u007f', '\u009f'),
        .. Range('\u2028', '\u202e'),
        .. Range('\u2066', '\u2069'),
    ]);

    /// <summary>On one line: <c>ESC</c> becomes <c>␛</c>, and a line end <c>␊</c>.</summary>
    public static string Visible(string text) => Replace(text, Harmful);

    /// <summary>With its line ends.</summary>
    public static string VisibleLines(string text) => string.Join('\n', text.Split('\n').Select(Visible));

    /// <summary>JSON, whose strings may have any character as an escape.</summary>
    public static string VisibleJson(string json)
    {
        while (json.AsSpan().IndexOfAny(Harmful) is var index and >= 0)
            json = json.Replace(json[index..(index + 1)], $"\\u{(int)json[index]:x4}", StringComparison.Ordinal);
        return json;
    }

    private static string Replace(string text, SearchValues<char> harmful) => !text.AsSpan().ContainsAny(harmful)
        ? text
        : string.Create(text.Length, text, (visible, source) =>
        {
            for (int i = 0; i < visible.Length; i++)
                visible[i] = harmful.Contains(source[i]) ? SignFor(source[i]) : source[i];
        });

    /// <summary>
    /// Unicode has pictures of the controls of ASCII; for the others there is the sign for what cannot be shown.
    /// </summary>
    private static char SignFor(char control) => control switch
    {
        <= '\u001f' => (char)('\u2400' + control),
        '\u007f' => '\u2421',
        _ => '\ufffd',
    };

    private static IEnumerable<char> Range(char first, char last) =>
        Enumerable.Range(first, last - first + 1).Select(c => (char)c);
}
