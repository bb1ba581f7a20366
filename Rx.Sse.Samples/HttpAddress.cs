using System.CommandLine;

namespace Rx.Sse.Samples;

/// <summary>Addresses on the command line.</summary>
internal static class HttpAddress
{
    /// <summary>An option that takes the address of a server.</summary>
    public static Option<Uri?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.Host.Length > 0)
                return address;
            argument.AddError($"{name} takes an address that begins with http:// or https://, not '{text}'.");
            return null;
        },
    };

    /// <summary>The address under which relative ones stand, whether or not it was typed with a slash at its end.</summary>
    public static Uri AsFolder(Uri address) => address.AbsolutePath.EndsWith('/') ? address : new Uri($"{address.GetLeftPart(UriPartial.Path)}/");
}
