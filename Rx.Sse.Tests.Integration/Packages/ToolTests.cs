using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Rx.Sse.Tests.Integration.Servers;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Packages;

/// <summary>The package of <c>sse-tail</c>, installed as a .NET tool and run.</summary>
[CancelAfter(300_000)]
internal sealed class ToolTests
{
    private const string Package = "Rx.Sse.Tail";

    [Test]
    public async Task Tool_Installed_FollowsAStreamAcrossConnections(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            string last = context.LastEventId();
            await context.SendAsync($"retry: 100\n\nid: {last}i\ndata: after '{last}'\n\ndata: cut");
        });
        using var folder = new TempFolder();

        // The package folder is the only source, so the tool cannot depend on other packages.
        (int installed, string log) = await RunAsync(
            "dotnet",
            ["tool", "install", Package, "--tool-path", folder.Path, "--source", BuildOutput.PackagesFolder],
            hang);
        Assert.That(installed, Is.Zero, log);
        (int exitCode, string output) = await RunAsync(
            folder.PathOf("sse-tail"), [server.Url, "--raw", "--count", "3"], hang);

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(
            output.Split('\n').Where(line => line.StartsWith("after", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "after ''", "after 'i'", "after 'ii'" }));
    }

    [Test]
    public void Tool_Package_DescribesItselfAndDependsOnNothing()
    {
        string file = Directory.GetFiles(BuildOutput.PackagesFolder, $"{Package}.*.nupkg").Single();
        using ZipArchive package = ZipFile.OpenRead(file);
        using Stream manifest = package.GetEntry($"{Package}.nuspec")!.Open();
        Dictionary<string, string> metadata = XDocument.Load(manifest).Root!.Elements().Single().Elements()
            .ToDictionary(element => element.Name.LocalName, element => element.Value);

        Assert.That(metadata["description"], Does.Contain("Server-Sent Events"));
        Assert.That((metadata["license"], metadata["readme"]), Is.EqualTo(("MIT", "README.md")));
        Assert.That(metadata.Keys, Has.None.EqualTo("dependencies"));
        Assert.That(package.GetEntry("README.md"), Is.Not.Null);
        Assert.That(package.Entries.Select(entry => entry.Name), Has.One.EqualTo("Rx.Sse.dll"));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string[] arguments, CancellationToken hang)
    {
        using var process = new ChildProcess(new ProcessStartInfo(program, arguments));
        int exitCode = await process.ExitAsync(hang);
        return (exitCode, process.Output);
    }
}
