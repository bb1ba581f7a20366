using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>A page of the documentation, and the examples of C# on it.</summary>
internal sealed partial class Page
{
    private Page(string text) => (Text, Examples) = (text, [.. Example().Matches(text).Select(Outdent)]);

    public string Text { get; }

    /// <summary>In their order, without the indentation that they have in a list.</summary>
    public IReadOnlyList<string> Examples { get; }

    public static Page Read(string name) => new(File.ReadAllText(Repository.PathOf(name)).ReplaceLineEndings("\n"));

    private static string Outdent(Match example)
    {
        string indent = example.Groups["indent"].Value;
        IEnumerable<string> lines = example.Groups["code"].Value.TrimEnd('\n').Split('\n');
        return string.Join(
            '\n',
            lines.Select(line => line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line));
    }

    [GeneratedRegex(@"^(?<indent> *)```csharp\n(?<code>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
