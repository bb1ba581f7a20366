namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>The browser engines that the tests drive, each in the browser that Debian packages.</summary>
internal enum BrowserEngine
{
    Chromium,
    Firefox,
    WebKit,
}
