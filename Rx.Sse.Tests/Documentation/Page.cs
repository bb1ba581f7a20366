using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>A page of the documentation, with the examples of C#, the links and the headings on it.</summary>
internal sealed partial class Page
{
    private Page(string text) => (Text, Examples) = (text, [.. Example().Matches(text).Select(Outdent)]);

    public string Text { get; }

    /// <summary>In their order, without the indentation that they have in a list.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>
    /// Its examples that are whole programs. The integration tests compile each alone, as in an empty file, and run it.
    /// </summary>
    public IReadOnlyList<string> Programs => [.. Examples.Where(IsProgram)];

    /// <summary>The others, which are excerpts of sources.</summary>
    public IReadOnlyList<string> Excerpts => [.. Examples.Where(example => !IsProgram(example))];

    /// <summary>The pages of the documentation.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf(), "*.md").Select(path => Path.GetFileName(path)),
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}"),
        "Rx.Sse.Testing/README.md",
        "Rx.Sse.Samples/README.md",
        "Rx.Sse.Tests/Golden/README.md",
    ];

    /// <summary>Where its links and images lead.</summary>
    public IEnumerable<string> Links => Link().Matches(Code().Replace(Text, "")).Select(link => link.Groups[1].Value);

    /// <summary>The names of its headings in links, as GitHub makes them.</summary>
    public IReadOnlyList<string> Anchors =>
    [
        .. Heading().Matches(CodeBlock().Replace(Text, ""))
            .Select(heading => NotInAnchors().Replace(heading.Groups[1].Value, "").ToLowerInvariant().Replace(' ', '-'))
            .GroupBy(anchor => anchor)
            .SelectMany(same => same.Select((anchor, index) => index == 0 ? anchor : $"{anchor}-{index}")),
    ];

    public static Page Parse(string text) => new(text);

    public static Page Read(string name) => new(File.ReadAllText(Repository.PathOf(name)).ReplaceLineEndings("\n"));

    /// <summary>Returns the first program after that text.</summary>
    public string ProgramAfter(string text) =>
        Parse(Text[Text.IndexOf(text, StringComparison.Ordinal)..]).Programs[0];

    /// <summary>It has all its <c>using</c> directives, and something after them.</summary>
    private static bool IsProgram(string example) => example.Contains("\nusing Rx.Sse;\n") && example.Contains("\n\n");

    private static string Outdent(Match example)
    {
        string indent = example.Groups["indent"].Value;
        IEnumerable<string> lines = example.Groups["code"].Value.TrimEnd('\n').Split('\n');
        return string.Join(
            '\n',
            lines.Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line));
    }

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"^ *```.*?^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    /// <summary>In blocks and in lines.</summary>
    [GeneratedRegex(@"^ *```.*?^ *```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?<indent> *)```csharp\n(?<code>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
