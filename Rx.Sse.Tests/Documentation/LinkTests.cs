using System.Xml.Linq;

namespace Rx.Sse.Tests.Documentation;

/// <summary>Links between the pages of the repository are not broken.</summary>
internal sealed class LinkTests
{
    private static IReadOnlyList<string> Pages => Page.Names;

    [TestCaseSource(nameof(Pages))]
    public void Links_OfAPage_LeadToFilesAndHeadings(string page)
    {
        string folder = Path.GetDirectoryName(page)!;

        IEnumerable<string> broken = Page.Read(page).Links
            .Where(link => !link.Contains("://", StringComparison.Ordinal))
            .Where(link => !Exists(page, folder, link));

        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Pages_OfDocs_AreAllInReadmeAndOnTheSite()
    {
        string[] docs = [.. Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal))];
        string contents = File.ReadAllText(Repository.PathOf("eng", "Site", "pages", "docs", "toc.yml"));

        Assert.That(docs.Except(Page.Read("README.md").Links), Is.Empty);
        Assert.That(docs.Where(page => !contents.Contains($"href: {page["docs/".Length..]}\n")), Is.Empty);
    }

    /// <summary>These files cannot use the build property that has the repository's address.</summary>
    [TestCase("README.md", "/actions/workflows/build.yml)")]
    [TestCase(".github/ISSUE_TEMPLATE/config.yml", "/security/policy")]
    public void Links_ToTheRepository_HaveTheAddressOfTheBuild(string page, string path)
    {
        string address = XDocument.Load(Repository.PathOf("Directory.Build.props"))
            .Descendants("RepositoryUrl").Single().Value;

        Assert.That(Page.Read(page).Text, Does.Contain(address + path));
    }

    [TestCase("## Why a request is made", "why-a-request-is-made")]
    [TestCase("### `SseTest.EveryCut`, and *more*: 2", "ssetesteverycut-and-more-2")]
    [TestCase("# Same\n# Same", "same-1")]
    public void Anchors_OfAHeading_AreThoseOfGitHub(string text, string anchor) =>
        Assert.That(Page.Parse(text).Anchors, Does.Contain(anchor));

    [TestCase("[a](b.md#c) and ![d](e.svg)", "b.md#c", "e.svg")]
    [TestCase("[a\nb](c.md)", "c.md")]
    [TestCase("[![a](b.svg)](c.md)", "b.svg", "c.md")]
    [TestCase("```csharp\ncalls[0](d);\n```\n`[a](b)`")]
    public void Links_OfText_AreThoseOutsideCode(string text, params string[] links) =>
        Assert.That(Page.Parse(text).Links, Is.EquivalentTo(links));

    private static bool Exists(string page, string folder, string link)
    {
        string[] parts = link.Split('#');
        string target = parts[0].Length == 0 ? page : Path.Combine(folder, parts[0]);
        string path = Repository.PathOf(target);
        return parts.Length == 1
            ? File.Exists(path) || Directory.Exists(path)
            : File.Exists(path) && Page.Read(target).Anchors.Contains(parts[1]);
    }
}
