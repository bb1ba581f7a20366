namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>The engines that the tests drive, each in the program that Debian packages.</summary>
internal enum BrowserEngine
{
    Chromium,
    Firefox,
    WebKit,
}
