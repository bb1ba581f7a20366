// The site: the pages of the repository and the API reference.

using System.Text.RegularExpressions;
using System.Xml.Linq;

Task("Docs")
    .Description("Builds the site with the API reference, in artifacts/site; a broken link is an error.")
    .Does(() =>
    {
        var source = artifacts + Directory("site-source");
        var assemblies = source + Directory("assemblies");
        CleanDirectories(new DirectoryPath[] { source, artifacts + Directory("site") });

        // Published, because DocFX reads the assemblies that the two refer to, as well.
        DotNetPublish("Rx.Sse.Testing", new DotNetPublishSettings
        {
            Configuration = configuration,
            Framework = "net10.0",
            OutputDirectory = assemblies,
        });
        DocumentExtensionMembers(assemblies + File("Rx.Sse.xml"));

        CopyPages(source);
        CopyDirectory("eng/Site/pages", source);
        CopyFile("eng/Packaging/icon.svg", source + File("icon.svg"));
        DotNetTool("docfx", new DotNetToolSettings
        {
            ArgumentCustomization = arguments => arguments.Append(
                "eng/Site/docfx.json --warningsAsErrors --logLevel Warning"),
        });
    });

Task("Site")
    .Description("Builds the site with the report of the coverage on it.")
    .IsDependentOn("Docs")
    .IsDependentOn("Coverage")
    .Does(() => CopyDirectory(coverage, artifacts + Directory("site") + Directory("coverage")));

// The static methods that stand for members of extension blocks refer to the documentation of these by names that
// DocFX does not know, so they get a copy of it.
void DocumentExtensionMembers(FilePath file)
{
    var document = XDocument.Load(file.FullPath);
    var members = document.Descendants("member").ToDictionary(member => member.Attribute("name").Value);
    foreach (var member in members.Values)
    {
        if (member.Element("inheritdoc")?.Attribute("cref")?.Value is { } name && name.Contains("<G>$"))
            member.ReplaceNodes(members[name].Nodes());
    }

    document.Save(file.FullPath);
}

// Links to what is in the repository but not on the site lead to the repository.
void CopyPages(DirectoryPath target)
{
    var root = MakeAbsolute(Directory("."));
    var repository = XmlPeek("Directory.Build.props", "/Project/PropertyGroup/RepositoryUrl/text()");
    var pages = GetFiles("*.md") + GetFiles("docs/*.*");
    foreach (var page in pages)
    {
        var copy = target.CombineWithFilePath(root.GetRelativePath(page));
        EnsureDirectoryExists(copy.GetDirectory());
        CopyFile(page, copy);
        if (page.GetExtension() == ".md")
        {
            var text = System.IO.File.ReadAllText(page.FullPath);
            System.IO.File.WriteAllText(copy.FullPath, Regex.Replace(text, @"\]\((?!https?:|#)([^)#\s]+)", LinkOf));
        }

        string LinkOf(Match link)
        {
            var linked = page.GetDirectory().CombineWithFilePath(link.Groups[1].Value).Collapse();
            if (!FileExists(linked) && !DirectoryExists(linked.FullPath))
                throw new CakeException($"{page.GetFilename()} has a broken link to {link.Groups[1].Value}.");
            return pages.Contains(linked) ? link.Value : $"]({repository}/blob/main/{root.GetRelativePath(linked)}";
        }
    }
}
