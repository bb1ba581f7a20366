using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>The address of a server.</summary>
internal static class UrlOption
{
    public static Option<Uri?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = ArgumentValue.Url,
    };

    /// <summary>
    /// The address under which relative ones stand, whether or not it was typed with a slash at its end.
    /// </summary>
    public static Uri AsFolder(Uri address) =>
        address.AbsolutePath.EndsWith('/') ? address : new Uri($"{address.GetLeftPart(UriPartial.Path)}/");
}
