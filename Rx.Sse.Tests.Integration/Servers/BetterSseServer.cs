using System.Diagnostics;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>The application in the folder BetterSse, on Node, with the packages that it needs from npm.</summary>
internal static class BetterSseServer
{
    /// <summary>
    /// Copies the application to that folder and installs better-sse, in the version of the lock file.
    /// </summary>
    public static async Task InstallAsync(TempFolder folder, CancellationToken hang)
    {
        string sources = Repository.PathOf("Rx.Sse.Tests.Integration", "Servers", "BetterSse");
        foreach (string file in Directory.EnumerateFiles(sources))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));

        using var npm = new ChildProcess(
            new ProcessStartInfo(Prerequisite.PathOf("npm"), ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            {
                WorkingDirectory = folder.Path,
            });
        if (await npm.ExitAsync(hang) != 0)
            Prerequisite.Missing($"npm has not fetched better-sse:\n{npm.Output}");
    }

    /// <summary>Creates a server that stores its events in a new file in that folder.</summary>
    public static ServerProcess New(TempFolder folder)
    {
        int port = ReservedPorts.Next();
        string node = Prerequisite.PathOf("node");
        return new ServerProcess(
            port,
            () => new ProcessStartInfo(
                node, [folder.PathOf("server.mjs"), $"{port}", folder.PathOf($"events-{port}")]));
    }
}
