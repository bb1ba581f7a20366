using Microsoft.Playwright;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The installed Chromium and Firefox, headless, driven by Playwright. Nothing is downloaded. All fixtures share one
/// process per engine, and each fixture opens its own pages in it.
/// </summary>
internal static class PlaywrightBrowser
{
    /// <summary>The maximum time for a single operation, in milliseconds.</summary>
    private static readonly float Patience = (float)BrowserPage.Patience.TotalMilliseconds;

    private static readonly SemaphoreSlim Launching = new(1);
    private static readonly Dictionary<BrowserEngine, IBrowser> Browsers = [];

    /// <summary>
    /// Opens a page that shares nothing with other pages. Launches the browser for the first page, and again if it has
    /// crashed. Skips the running test if the browser is missing.
    /// </summary>
    public static async Task<IPage> OpenPageAsync(BrowserEngine engine)
    {
        IBrowser browser = await GetAsync(engine);
        IPage page = await browser.NewPageAsync();
        page.SetDefaultTimeout(Patience);
        return page;
    }

    public static async Task CloseAllAsync()
    {
        foreach (IBrowser browser in Browsers.Values)
            await browser.CloseAsync();
    }

    private static async Task<IBrowser> GetAsync(BrowserEngine engine)
    {
        await Launching.WaitAsync();
        try
        {
            return Browsers.TryGetValue(engine, out IBrowser? browser) && browser.IsConnected
                ? browser
                : Browsers[engine] = await LaunchAsync(engine);
        }
        finally
        {
            Launching.Release();
        }
    }

    private static async Task<IBrowser> LaunchAsync(BrowserEngine engine)
    {
        string path = Prerequisite.PathOf(engine == BrowserEngine.Firefox ? "firefox-esr" : "chromium");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = engine == BrowserEngine.Firefox
            ? await LaunchFirefoxAsync(playwright, path)
            : await LaunchChromiumAsync(playwright, path);
        browser.Disconnected += (_, _) => playwright.Dispose();
        return browser;
    }

    private static Task<IBrowser> LaunchChromiumAsync(IPlaywright playwright, string path) =>
        playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
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

    // The channel makes Playwright use WebDriver BiDi, which an unpatched Firefox supports.
    private static Task<IBrowser> LaunchFirefoxAsync(IPlaywright playwright, string path) =>
        playwright.Firefox.LaunchAsync(new BrowserTypeLaunchOptions
        {
            Channel = "moz-firefox",
            ExecutablePath = path,
            Headless = true,
            Timeout = Patience,
        });
}
