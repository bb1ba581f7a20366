using System.Text.RegularExpressions;

namespace Rx.Sse.Tests.Documentation;

/// <summary>The changelog names everything that was removed from the public API.</summary>
internal sealed partial class ChangelogTests
{
    [Test]
    public void NewestSection_MembersRemovedFromThePublicSurface_AreNamed()
    {
        string newest = Page.Read("CHANGELOG.md").Text.Split("\n## ")[1];

        Assert.That(
            RemovedMembers().Where(member => !Regex.IsMatch(newest, $@"`{Regex.Escape(member)}(?![\w.])")), Is.Empty);
    }

    [TestCase("*REMOVED*static Rx.Sse.Testing.SseTest.Open(System.TimeSpan time) -> Rx.Sse.SseEvent!", "SseTest.Open")]
    [TestCase("*REMOVED*Rx.Sse.SseOptions.Logger.get -> Microsoft.Extensions.Logging.ILogger?", "SseOptions.Logger")]
    [TestCase("*REMOVED*Rx.Sse.SseOptions", "SseOptions")]
    [TestCase("*REMOVED*Rx.Sse.SseSelector<T>", "SseSelector")]
    [TestCase(
        "*REMOVED*static Rx.Sse.SseObservable.extension(System.Reactive.Linq.Observable!).FromSse<T>(int i) -> T",
        "SseObservable.FromSse")]
    [TestCase("*REMOVED*override Rx.Sse.SseEvent.<Clone>$() -> Rx.Sse.SseEvent!", "SseEvent")]
    [TestCase(
        "*REMOVED*static Rx.Sse.SseEvent.operator ==(Rx.Sse.SseEvent? left, Rx.Sse.SseEvent? right) -> bool",
        "SseEvent")]
    public void NameOf_LineOfThePublicSurface_IsTypeAndMember(string line, string name) =>
        Assert.That(NameOf(line), Is.EqualTo(name));

    /// <summary>For a removed type, returns only the type and not its members.</summary>
    private static IEnumerable<string> RemovedMembers()
    {
        string[] names =
        [
            .. from package in new[] { "Rx.Sse", "Rx.Sse.Testing" }
               from file in Directory.EnumerateFiles(Repository.PathOf(package), "PublicAPI.Unshipped*.txt")
               from line in File.ReadLines(file)
               where line.StartsWith("*REMOVED*", StringComparison.Ordinal)
               select NameOf(line),
        ];
        return names.Where(name => !names.Contains(name.Split('.')[0]) || !name.Contains('.')).Distinct();
    }

    /// <summary>
    /// Returns the type alone for operators and members that the compiler adds to a record, which have no name.
    /// </summary>
    private static string NameOf(string line)
    {
        Match match = DeclaredName().Match(line);
        string member = match.Groups["member"].Value;
        return member is "" or "operator" ? match.Groups["type"].Value : $"{match.Groups["type"].Value}.{member}";
    }

    [GeneratedRegex(@"Rx\.Sse\.(Testing\.)?(?<type>Sse\w+)(<\w+>)?(\.extension\([^)]*\))?(\.(?<member>\w+))?")]
    private static partial Regex DeclaredName();
}
