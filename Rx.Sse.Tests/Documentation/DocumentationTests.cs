using System.Reflection;

namespace Rx.Sse.Tests.Documentation;

/// <summary>
/// Every example in the documentation that is not a whole program must be in the sources in this folder, or in the same
/// folder of the integration tests. There it is compiled and, where that makes sense, run.
/// </summary>
internal sealed class DocumentationTests
{
    [TestCase("docs/clients.md")]
    [TestCase("docs/migrating.md")]
    [TestCase("docs/reconnection.md")]
    [TestCase("docs/reference.md")]
    [TestCase("docs/recordings.md")]
    [TestCase("docs/testing.md")]
    public void Page_EveryExample_IsCompiled(string page)
    {
        string[][] sources =
        [
            ["using NUnit.Framework;"],
            .. new[] { "Rx.Sse.Tests", "Rx.Sse.Tests.Integration" }
                .SelectMany(project => Repository.SourcesBelow(Repository.PathOf(project, "Documentation")))
                .Append(Repository.PathOf("Rx.Sse.Tests.Integration", "WebAssembly", "OtherOrigin.cs"))
                .Select(File.ReadAllLines),
        ];
        IReadOnlyList<string> examples = Page.Read(page).Excerpts;

        Assert.That(examples, Is.Not.Empty);
        Assert.That(examples.Where(example => !IsIn(sources, example.Split('\n'))), Is.Empty);
    }

    /// <summary>Every page with examples is listed above.</summary>
    [Test]
    public void Pages_WithExamples_AreAllTested()
    {
        IEnumerable<string?> tested = GetType().GetMethod(nameof(Page_EveryExample_IsCompiled))!
            .GetCustomAttributes<TestCaseAttribute>().Select(test => test.Arguments[0] as string);

        Assert.That(Page.Names.Where(page => Page.Read(page).Excerpts.Count > 0), Is.EquivalentTo(tested));
    }

    /// <summary>
    /// An example that has only using directives is for a whole page, so the directives may be in different sources.
    /// </summary>
    private static bool IsIn(string[][] sources, string[] example) => example.All(IsUsing)
        ? example.All(line => sources.Any(source => source.Contains(line)) || line == "using Rx.Sse;")
        : sources.Any(source => Contains(source, example));

    /// <summary>
    /// Returns whether the source has the example's using directives, and its other lines in sequence at any
    /// indentation.
    /// </summary>
    private static bool Contains(string[] source, string[] example)
    {
        string[] usings =
            [.. example.TakeWhile(line => line.Length == 0 || IsUsing(line)).Where(line => line.Length > 0)];
        string[] lines = [.. example.SkipWhile(line => line.Length == 0 || IsUsing(line))];
        return usings.All(line => source.Contains(line) || line == "using Rx.Sse;") && Enumerable
            .Range(0, Math.Max(0, source.Length - lines.Length + 1))
            .Any(start =>
            {
                string indentation = source[start][..^source[start].TrimStart().Length];
                return lines.Select(line => line.Length == 0 ? line : indentation + line)
                    .SequenceEqual(source.Skip(start).Take(lines.Length));
            });
    }

    /// <summary>Returns whether the line is a using directive, not a using declaration.</summary>
    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=') && !line.Contains('(');
}
