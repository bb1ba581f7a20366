using System.Reflection;

namespace Rx.Sse.Tests.Integration;

/// <summary>Where the build has put what tests start. From the project file, which knows the configuration.</summary>
internal static class BuildOutput
{
    /// <summary>The manifest of the files that the Blazor application consists of.</summary>
    public static string WebAssemblyFiles => PathOf("WebAssemblyFiles");

    /// <summary>The samples' program. Tests on other builds of the library have none.</summary>
    public static string Samples => PathOf("Samples");

    /// <summary>Where the packages are. Only the Consume target of build.cake gives it.</summary>
    public static string PackagesFolder => PathOf("PackagesFolder");

    private static string PathOf(string key) => typeof(BuildOutput).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
