using System.Reflection;

namespace Rx.Sse.Tests;

/// <summary>Where tests find sources and pages. From the project file: paths that the compiler notes are not those of the machine in a deterministic build.</summary>
internal static class Repository
{
    private static readonly string Root = Noted("RepositoryFolder");

    /// <summary>The manifest of the files that the Blazor application consists of.</summary>
    public static string WebAssemblyFiles { get; } = Noted("WebAssemblyFiles");

    /// <summary>The samples' program. Tests on other builds of the library have none.</summary>
    public static string Samples => Noted("Samples");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>All C# sources below that folder, without what the build makes.</summary>
    public static IEnumerable<string> SourcesBelow(string folder) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Noted(string key) => typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
