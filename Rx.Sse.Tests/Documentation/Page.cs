using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>A page of the documentation, with its C# examples, links and headings.</summary>
internal sealed partial class Page
{
    private Page(string text) => (Text, Examples) = (text, [.. Example().Matches(text).Select(Outdent)]);

    public string Text { get; }

    /// <summary>The examples in page order, without the indentation of lists.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>
    /// The examples that are whole programs. The integration tests compile each one by itself, as in an empty file, and
    /// run it.
    /// </summary>
    public IReadOnlyList<string> Programs => [.. Examples.Where(IsProgram)];

    /// <summary>The examples that are not programs but excerpts of sources.</summary>
    public IReadOnlyList<string> Excerpts => [.. Examples.Where(example => !IsProgram(example))];

    /// <summary>The paths of the documentation pages.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf(), "*.md").Select(path => Path.GetFileName(path)),
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}"),
        "Rx.Sse.Testing/README.md",
        "Rx.Sse.Samples/README.md",
        "Rx.Sse.Tests/Golden/README.md",
    ];

    /// <summary>The targets of the links and images.</summary>
    public IEnumerable<string> Links => Link().Matches(Code().Replace(Text, "")).Select(link => link.Groups[1].Value);

    /// <summary>The anchors of the headings, as GitHub generates them.</summary>
    public IReadOnlyList<string> Anchors =>
    [
        .. Heading().Matches(CodeBlock().Replace(Text, ""))
            .Select(heading => NotInAnchors().Replace(heading.Groups[1].Value, "").ToLowerInvariant().Replace(' ', '-'))
            .GroupBy(anchor => anchor)
            .SelectMany(same => same.Select((anchor, index) => index == 0 ? anchor : $"{anchor}-{index}")),
    ];

    public static Page Parse(string text) => new(text);

    public static Page Read(string name) => new(File.ReadAllText(Repository.PathOf(name)).ReplaceLineEndings("\n"));

    /// <summary>Returns the first program after the given text.</summary>
    public string ProgramAfter(string text) =>
        Parse(Text[Text.IndexOf(text, StringComparison.Ordinal)..]).Programs[0];

    /// <summary>A program has all its <c>using</c> directives, and other code after them.</summary>
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

    /// <summary>Code blocks and inline code.</summary>
    [GeneratedRegex(@"^ *```.*?^ *```|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?<indent> *)```csharp\n(?<code>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
