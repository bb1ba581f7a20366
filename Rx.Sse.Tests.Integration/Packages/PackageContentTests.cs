using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Rx.Sse.Tests.Documentation;
using Rx.Sse.Tests.Integration.Servers;

namespace Rx.Sse.Tests.Integration.Packages;

/// <summary>What a package gallery shows: the metadata and the README of each package.</summary>
[CancelAfter(60_000)]
internal sealed class PackageContentTests
{
    private static readonly string RepositoryUrl = XDocument.Load(Repository.PathOf("Directory.Build.props"))
        .Descendants("RepositoryUrl").Single().Value;

    [TestCase("Rx.Sse", "README.md")]
    [TestCase("Rx.Sse.Testing", "Rx.Sse.Testing/README.md")]
    public void Readme_InThePackage_LinksToTheRepositoryAtTheVersion(string package, string page)
    {
        string packed = ReadFile(package, "README.md");
        string version = Metadata(package, "version").Value;

        Assert.That(
            Page.Parse(packed).Links,
            Is.EqualTo(Page.Read(page).Links.Select(link => Absolute(link, page, version))));
        Assert.That(
            packed
                .Replace($"{Pages(version)}/{FolderOf(page)}", "", StringComparison.Ordinal)
                .Replace($"{Images(version)}/{FolderOf(page)}", "", StringComparison.Ordinal),
            Is.EqualTo(Page.Read(page).Text));
    }

    [TestCase("Rx.Sse")]
    [TestCase("Rx.Sse.Testing")]
    public void Metadata_OfAPackage_NamesTheRepositoryAndTheChanges(string package)
    {
        string[] sections = Page.Read("CHANGELOG.md").Text.Split("\n## [");
        string version = Metadata(package, "version").Value;
        string section = sections.FirstOrDefault(text => text.StartsWith(version, StringComparison.Ordinal))
            ?? sections.Single(text => text.StartsWith("Unreleased]", StringComparison.Ordinal));
        string notes = section[(section.IndexOf('\n') + 1)..].Trim();

        Assert.That(Metadata(package, "projectUrl").Value, Is.EqualTo(RepositoryUrl));
        Assert.That(Metadata(package, "repository").Attribute("url")!.Value, Is.EqualTo(RepositoryUrl));
        Assert.That(Metadata(package, "icon").Value, Is.EqualTo("icon.png"));
        Assert.That(Metadata(package, "tags").Value.Split(' '), Does.Contain("server-sent-events"));
        Assert.That(notes, Is.Not.Empty);
        Assert.That(
            Metadata(package, "releaseNotes").Value.ReplaceLineEndings("\n").Replace($"{Pages(version)}/", ""),
            Is.EqualTo(notes));
    }

    /// <summary>Tests linked images and the special characters of MSBuild, of which the READMEs have few.</summary>
    [Test]
    public async Task Readme_AnyText_ChangesOnlyWhereItLinks(CancellationToken hang)
    {
        const string Written =
            "![a](b.svg) [![c](d.png)](e.md#f) [g](#h) [i](https://j.test/)\n\n\n  `%3B;$(k)@(l);*?`\n";
        using var folder = new TempFolder(Repository.PathOf("artifacts"));
        await File.WriteAllTextAsync(folder.PathOf("page.md"), Written, hang);
        string[] arguments =
        [
            "msbuild", Repository.PathOf("Rx.Sse"), "-t:MakePackagePages", "-p:RepositoryUrl=https://github.com/m/n",
            "-p:PackageVersion=1.2.3", $"-p:PackageReadmeSource={folder.PathOf("page.md")}",
            $"-p:PackedReadme={folder.PathOf("packed.md")}",
        ];

        using var build = new ChildProcess(new ProcessStartInfo("dotnet", arguments));
        Assert.That(await build.ExitAsync(hang), Is.Zero, build.Output);

        string path = Path.GetRelativePath(Repository.PathOf(), folder.Path);
        string images = $"https://raw.githubusercontent.com/m/n/v1.2.3/{path}/";
        string links = $"https://github.com/m/n/blob/v1.2.3/{path}/";
        Assert.That(
            (await File.ReadAllTextAsync(folder.PathOf("packed.md"), hang)).ReplaceLineEndings("\n").TrimEnd(),
            Is.EqualTo(Written
                .Replace("(b.svg)", $"({images}b.svg)", StringComparison.Ordinal)
                .Replace("(d.png)", $"({images}d.png)", StringComparison.Ordinal)
                .Replace("(e.md#f)", $"({links}e.md#f)", StringComparison.Ordinal)
                .TrimEnd()));
    }

    private static string Pages(string version) => $"{RepositoryUrl}/blob/v{version}";

    private static string Images(string version) =>
        $"{RepositoryUrl.Replace("github.com", "raw.githubusercontent.com", StringComparison.Ordinal)}/v{version}";

    private static string FolderOf(string page) => page[..(page.LastIndexOf('/') + 1)];

    /// <summary>A gallery shows an image only if the address is that of the file itself.</summary>
    private static string Absolute(string link, string page, string version)
    {
        if (link.StartsWith('#') || link.Contains("://", StringComparison.Ordinal))
            return link;
        string root = link.EndsWith(".png", StringComparison.Ordinal) ? Images(version) : Pages(version);
        return $"{new Uri(new Uri($"{root}/{page}"), link)}";
    }

    private static XElement Metadata(string package, string name) => XDocument
        .Parse(ReadFile(package, $"{package}.nuspec"))
        .Descendants().Single(element => element.Name.LocalName == name);

    private static string ReadFile(string package, string name)
    {
        string path = Directory.GetFiles(BuildOutput.PackagesFolder, $"{package}.*.nupkg")
            .Single(file => char.IsAsciiDigit(Path.GetFileName(file)[package.Length + 1]));
        using ZipArchive archive = ZipFile.OpenRead(path);
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
