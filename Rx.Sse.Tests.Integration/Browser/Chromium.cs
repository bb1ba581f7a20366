using Microsoft.Playwright;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>The Chromium of this machine, without a window, driven by Playwright. Nothing is downloaded.</summary>
internal static class Chromium
{
    /// <summary>How long it may take for anything, in milliseconds.</summary>
    public const float Patience = 60_000;

    /// <summary>Skips the running test where there is none.</summary>
    public static async Task<IBrowser> LaunchAsync()
    {
        string path = Prerequisite.PathOf("chromium");
        Assertions.SetDefaultExpectTimeout(Patience);
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Timeout = Patience,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        browser.Disconnected += (_, _) => playwright.Dispose();
        return browser;
    }

    public static async Task<IPage> OpenPageAsync(this IBrowser browser)
    {
        IPage page = await browser.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        return page;
    }
}
