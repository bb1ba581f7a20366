using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>An option with the address of a server.</summary>
internal static class UrlOption
{
    public static Option<Uri?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = ArgumentValue.Url,
    };

    /// <summary>Adds a slash at the end if there is none, so that relative addresses are below it.</summary>
    public static Uri AsFolder(Uri address) =>
        address.AbsolutePath.EndsWith('/') ? address : new Uri($"{address.GetLeftPart(UriPartial.Path)}/");
}
