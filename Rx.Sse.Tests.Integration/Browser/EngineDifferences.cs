using System.Text;
using NUnit.Framework.Constraints;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// How the browser engines differ for a WebAssembly page. The tests assert each difference, so that changes are
/// noticed.
/// </summary>
internal static class EngineDifferences
{
    /// <summary>
    /// How long to wait before concluding that a browser does not do something. The others do it within milliseconds.
    /// </summary>
    public static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Whether the server notices that the page has unsubscribed from a silent stream. To end a response, .NET's script
    /// cancels the reader of the body and does not abort the fetch. Firefox closes the connection of a cancelled reader
    /// only when the next bytes arrive.
    /// </summary>
    public static bool ClosesSilentStreams(this BrowserEngine engine) => engine != BrowserEngine.Firefox;

    /// <summary>
    /// Returns the ID as the server receives it. A page passes the bytes of a header as Latin-1 characters (Fetch
    /// standard, section 5.1). WebKit sends non-ASCII characters as UTF-8, so the bytes are encoded a second time.
    /// </summary>
    public static string IdAsReceived(this BrowserEngine engine, string id) =>
        engine == BrowserEngine.WebKit ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(id)) : id;

    /// <summary>
    /// The expected errors of a page after a connection has broken. Only Chromium itself writes to the console.
    /// </summary>
    public static IResolveConstraint IsToldOfABrokenConnection(this BrowserEngine engine) =>
        engine == BrowserEngine.Chromium ? Has.All.StartsWith("Failed to load resource: net::ERR_") : Is.Empty;
}
