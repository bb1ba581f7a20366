using System.Reflection;

namespace Rx.Sse.Tests.Integration;

/// <summary>
/// Paths of build outputs that the tests use. They come from the project file, which knows the build configuration.
/// </summary>
internal static class BuildOutput
{
    /// <summary>The manifest of the files that the Blazor application consists of.</summary>
    public static string WebAssemblyFiles => PathOf("WebAssemblyFiles");

    /// <summary>The program of the samples. Missing when the tests run on another build of the library.</summary>
    public static string Samples => PathOf("Samples");

    /// <summary>The folder of the packages. Set only by the Consume target of build.cake.</summary>
    public static string PackagesFolder => PathOf("PackagesFolder");

    private static string PathOf(string key) => typeof(BuildOutput).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
