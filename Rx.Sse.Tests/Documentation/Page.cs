using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>A page of the documentation, with the examples of C#, the links and the headings on it.</summary>
internal sealed partial class Page
{
    private Page(string text) => (Text, Examples) = (text, [.. Example().Matches(text).Select(Outdent)]);

    public string Text { get; }

    /// <summary>In their order, without the indentation that they have in a list.</summary>
    public IReadOnlyList<string> Examples { get; }

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
