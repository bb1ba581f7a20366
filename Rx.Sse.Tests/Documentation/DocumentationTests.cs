using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>Every example on a page of the documentation stands in the sources beside this one, where it is compiled and run.</summary>
internal sealed partial class DocumentationTests
{
    [TestCase("docs/testing.md")]
    public void Page_EveryExample_IsCompiledAndRun(string page)
    {
        string[][] sources = [.. Repository.SourcesBelow(Repository.PathOf("Rx.Sse.Tests", "Documentation")).Select(File.ReadAllLines)];
        string text = File.ReadAllText(Repository.PathOf(page)).ReplaceLineEndings("\n");
        List<string[]> examples = [.. Example().Matches(text).Select(Lines)];

        Assert.That(examples, Is.Not.Empty);
        Assert.That(examples.Where(example => !sources.Any(source => Contains(source, example))).Select(example => string.Join('\n', example)), Is.Empty);
    }

    /// <summary>The lines of an example, without the indentation that it has in a list.</summary>
    private static string[] Lines(Match example) =>
        [.. example.Groups["code"].Value.TrimEnd('\n').Split('\n').Select(line => line.StartsWith(example.Groups["indent"].Value, StringComparison.Ordinal) ? line[example.Groups["indent"].Length..] : line)];

    /// <summary>Whether these lines stand there one after the other, whatever their common indentation.</summary>
    private static bool Contains(string[] source, string[] example) => Enumerable
        .Range(0, Math.Max(0, source.Length - example.Length + 1))
        .Any(start =>
        {
            string indentation = source[start][..^source[start].TrimStart().Length];
            return example.Select((line, i) => line.Length == 0 ? line : indentation + line).SequenceEqual(source.Skip(start).Take(example.Length));
        });

    [GeneratedRegex(@"^(?<indent> *)```csharp\n(?<code>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
