using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>
/// Pages, comments and test names are in plain English. The list has phrases that reviews have found. It cannot be
/// complete.
/// </summary>
internal sealed partial class StyleTests
{
    private static readonly string[] Projects =
        ["Rx.Sse", "Rx.Sse.Testing", "Rx.Sse.Samples", "Rx.Sse.Tests", "Rx.Sse.Tests.Integration", "Rx.Sse.Benchmarks"];

    [Test]
    public void Text_OfPagesCommentsAndTestNames_IsPlain()
    {
        IEnumerable<(string Name, string Text)> texts =
        [
            .. Page.Names.Select(name => (name, Page.Read(name).Text)),
            .. Projects.SelectMany(project => Repository.SourcesBelow(Repository.PathOf(project)))
                .Where(path => Path.GetFileName(path) != $"{nameof(StyleTests)}.cs")
                .Select(path => (Path.GetRelativePath(Repository.PathOf(), path), TextOf(File.ReadAllText(path)))),
        ];

        Assert.That(texts.SelectMany(text => FindIn(text.Text).Select(phrase => $"{text.Name}: {phrase}")), Is.Empty);
    }

    [TestCase("The message is made anew for every attempt.")]
    [TestCase("a handler of\n    /// one's own")]
    [TestCase("Strategies of your own")]
    [TestCase("It reads so many bytes.")]
    [TestCase("Nobody has been told yet.")]
    [TestCase("The line is kept, for it is copied right after.")]
    [TestCase("Makes one yourself, as in a test.")]
    [TestCase("how long before it is given up")]
    [TestCase("public void Parse_HandlerOfOnesOwn_BeginsAnew()")]
    public void Phrase_InTheList_IsFound(string text) =>
        Assert.That(FindIn(TextOf($"// {text}\n{text}")), Is.Not.Empty);

    [TestCase("Its own process, for which there is no name, makes one call at a time.")]
    [TestCase("public void Dispose_WhileReading_KeepsItsOwnBuffer()")]
    public void Phrase_NotInTheList_IsNotFound(string text) =>
        Assert.That(FindIn(TextOf($"// {text}\n{text}")), Is.Empty);

    private static IEnumerable<string> FindIn(string text) =>
        Phrase().Matches(LineBreak().Replace(text, " ")).Select(match => match.Value);

    /// <summary>Returns the comments of a source file, and its test names as separate words.</summary>
    private static string TextOf(string source) => string.Join('\n', [
        .. Comment().Matches(source).Select(match => match.Value),
        .. TestName().Matches(source).Select(match => WordStart().Replace(match.Groups[1].Value, " $0")),
    ]);

    [GeneratedRegex(
        @"\b(anew|nobody|somebody|anybody|whoever|whosoever|hence|thereof|therein|foresees?|so many \w+s|put aside"
        + @"|of (one'?s|your|their|its) own|makes one yourself|is given up|for want of|who wants|makes text of"
        + @"|(?<=, )for (it|they|this|that|these|those|there) (is|are|was|were|has|have|can|may|does|do))\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Phrase();

    [GeneratedRegex(@"\s*\n\s*(///?)?\s*|_")]
    private static partial Regex LineBreak();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+_\w+)\(")]
    private static partial Regex TestName();

    [GeneratedRegex("(?<=[A-Za-z0-9])[A-Z]")]
    private static partial Regex WordStart();
}
