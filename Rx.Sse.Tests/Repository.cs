using System.Reflection;

namespace Rx.Sse.Tests;

/// <summary>
/// Where tests find sources and pages. From the project file: paths that the compiler notes are not those of the
/// machine in a deterministic build.
/// </summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute =>
            attribute.Key == "RepositoryFolder").Value!;

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All C# sources below that folder, without what the build makes.</summary>
    public static IEnumerable<string> SourcesBelow(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path =>
            !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
