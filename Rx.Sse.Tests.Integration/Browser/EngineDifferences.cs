using System.Text;
using NUnit.Framework.Constraints;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// Where the engines differ for a WebAssembly page. The tests assert each difference, so that a change is noticed.
/// </summary>
internal static class EngineDifferences
{
    /// <summary>How long to watch a browser that does not do something. The others do it within milliseconds.</summary>
    public static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether the server notices that the page has left a stream that stays silent. To end a response, .NET's script
    /// cancels the reader of the body and does not abort the fetch. Firefox closes the connection of a cancelled reader
    /// only when the next bytes arrive.
    /// </summary>
    public static bool ClosesSilentStreams(this BrowserEngine engine) => engine != BrowserEngine.Firefox;

    /// <summary>
    /// Returns the ID that the server receives. A page gives the bytes of a header as characters of Latin-1 (Fetch
    /// standard, section 5.1). WebKit sends characters beyond ASCII as UTF-8, which encodes the bytes a second time.
    /// </summary>
    public static string IdAsReceived(this BrowserEngine engine, string id) =>
        engine == BrowserEngine.WebKit ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(id)) : id;

    /// <summary>
    /// The errors of a page after a connection has broken. Only Chromium writes to the console itself.
    /// </summary>
    public static IResolveConstraint IsToldOfABrokenConnection(this BrowserEngine engine) =>
        engine == BrowserEngine.Chromium ? Has.All.StartsWith("Failed to load resource: net::ERR_") : Is.Empty;
}
