using Microsoft.Playwright;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The Chromium of this machine, without a window, driven by Playwright. Nothing is downloaded. All fixtures share one process, and each
/// opens pages of its own in it.
/// </summary>
internal static class Chromium
{
    private static readonly SemaphoreSlim Launching = new(1);
    private static IBrowser? _browser;

    /// <summary>How long it may take for anything, in milliseconds.</summary>
    public const float Patience = 60_000;

    /// <summary>The browser; started by the first who asks, and again if it has crashed. Skips the running test where there is none.</summary>
    public static async Task<IBrowser> GetAsync()
    {
        await Launching.WaitAsync();
        try
        {
            return _browser is { IsConnected: true } browser ? browser : _browser = await LaunchAsync();
        }
        finally
        {
            Launching.Release();
        }
    }

    /// <summary>Opens a page that shares nothing with other pages.</summary>
    public static async Task<IPage> OpenPageAsync()
    {
        IBrowser browser = await GetAsync();
        IPage page = await browser.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        return page;
    }

    public static async Task CloseAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
    }

    private static async Task<IBrowser> LaunchAsync()
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
}
