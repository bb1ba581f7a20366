namespace Rx.Sse.Samples;

internal static class TerminalText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Without control characters but line breaks and tabs: those of a stranger could move the cursor, or worse.</summary>
    public static string Harmless(string text) => string.Create(text.Length, text, static (characters, text) =>
    {
        for (int i = 0; i < text.Length; i++)
            characters[i] = char.IsControl(text[i]) && text[i] is not ('\n' or '\t') ? Replacement : text[i];
    });
}
