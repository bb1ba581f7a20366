using System.Reflection;

namespace Rx.Sse.Tests;

/// <summary>
/// Where tests find sources and pages. The path comes from the project file, because the paths that the compiler
/// records in a deterministic build are not those of the machine.
/// </summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute =>
            attribute.Key == "RepositoryFolder").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All C# sources below the given folder, without build output.</summary>
    public static IEnumerable<string> SourcesBelow(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path =>
            !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
