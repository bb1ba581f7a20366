using System.Text;

namespace Rx.Sse.Benchmarks.Inputs;

/// <summary>Describes the characters in the text of a stream.</summary>
internal sealed record Script(string Name, Alphabet Main)
{
    private const string Latin = "abcdefghijklmnopqrstuvwxyz";
    private const string Accented = "éèàçêâîôûëïäöüÄÖÜß";

    private static readonly Alphabet LatinWord = new(Latin, 12);

    private static readonly Rune[] Ideographs = [.. Enumerable.Range(0x4E00, 0x9FA5 - 0x4E00).Select(i => new Rune(i))];

    /// <summary>Gets the letters of some of the words.</summary>
    public Alphabet Other { get; init; } = Main;

    /// <summary>Gets the proportion of the words that consist of <see cref="Other"/>.</summary>
    public double OtherShare { get; init; }

    /// <summary>Gets the characters of which one separates two words.</summary>
    public Rune[] Separators { get; init; } = [.. "          ,.;-".EnumerateRunes()];

    /// <summary>Gets the special characters, of which each event contains exactly one, at a random position.</summary>
    public string[] Marks { get; init; } = [];

    public static Script Ascii { get; } = new("ASCII", LatinWord);

    /// <summary>Gets a script that resembles the English output of a language model.</summary>
    public static Script OneNonAscii { get; } = new("one curly quote or accent", LatinWord)
    {
        Marks = ["’", "“", "”", "é", "ü", "ñ"],
    };

    /// <summary>Gets a script with an accent on about every twentieth letter.</summary>
    public static Script WesternEuropean { get; } =
        new("Western European", new Alphabet(string.Concat(Enumerable.Repeat(Latin, 13)) + Accented, 12));

    public static Script Cyrillic { get; } = new("Cyrillic", new Alphabet("абвгдежзийклмнопрстуфхцчшщъыьэюя", 12));

    public static Script Cjk { get; } = new("CJK", new Alphabet(Ideographs, 20))
    {
        Separators = [.. "，。、".EnumerateRunes()],
    };

    public static Script MixedCjk { get; } = new("mixed CJK", new Alphabet(Ideographs, 8))
    {
        Other = LatinWord,
        OtherShare = 0.4,
        Separators = [new Rune(' ')],
    };

    public static Script Emoji { get; } = new("emoji", LatinWord)
    {
        Other = new Alphabet("😀😂🤖🚀🎉👍🔥💡✅⭐", 2),
        OtherShare = 0.15,
    };

    public static IReadOnlyList<Script> All { get; } =
        [Ascii, OneNonAscii, WesternEuropean, Cyrillic, Cjk, MixedCjk, Emoji];
}
