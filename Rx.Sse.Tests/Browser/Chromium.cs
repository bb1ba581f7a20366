using Microsoft.Playwright;

namespace Rx.Sse.Tests.Browser;

/// <summary>The Chromium of this machine, without a window, driven by Playwright. Nothing is downloaded.</summary>
internal static class Chromium
{
    /// <summary>Skips the running test where there is none.</summary>
    public static async Task<IBrowser> LaunchAsync()
    {
        string path = Prerequisite.PathOf("chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        browser.Disconnected += (_, _) => playwright.Dispose();
        return browser;
    }
}
