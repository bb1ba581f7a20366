using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using NUnit.Framework.Interfaces;
using Rx.Sse.Tests.Integration.Browser;
using static Microsoft.Playwright.Assertions;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The program of the dashboard sample, and its page in the engines that Playwright drives.</summary>
[TestFixture(BrowserEngine.Chromium)]
[TestFixture(BrowserEngine.Firefox)]
[CancelAfter(180_000)]
internal sealed class DashboardPageTests(BrowserEngine engine)
{
    /// <summary>The page itself does, for what it shows for three seconds may be gone before somebody else looks.</summary>
    private const string WriteDownBadges = """
        const badge = document.querySelector('.badge');
        window.badges = [];
        new MutationObserver(() => badges.push(badge.innerText.trim())).observe(badge, { subtree: true, childList: true, characterData: true });
        """;

    private readonly ConcurrentQueue<string> _errors = [];
    private SampleProcess _sample = null!;
    private string _address = null!;
    private IPage? _openPage;

    private IPage Page => _openPage!;

    [OneTimeSetUp]
    public async Task Start()
    {
        using var hang = new CancellationTokenSource(BrowserPage.Patience);
        _sample = SampleProcess.Start("dashboard", "--port", "0");
        _address = (await _sample.Output.ReadLineAsync(hang.Token))!.Split(' ')[1];
    }

    /// <summary>The page takes seconds to load, so one visitor does all tests, and another one goes on after a test that has failed.</summary>
    [SetUp]
    public async Task Open()
    {
        if (_openPage is null)
        {
            _openPage = await PlaywrightBrowser.OpenPageAsync(engine);
            _openPage.PageError += (_, error) => _errors.Enqueue(error);
            _openPage.Console += (_, message) =>
            {
                if (message.Type == "error")
                    _errors.Enqueue(message.Text);
            };
            await _openPage.GotoAsync(_address);
        }

        await Page.SetViewportSizeAsync(1280, 800);
        await Page.FillAsync("input[type=search]", "");
        await Expect(Page.Locator(".instrument")).ToHaveCountAsync(6);
        Assert.That(_errors, Is.Empty);
    }

    [TearDown]
    public async Task CloseAfterFailure()
    {
        _errors.Clear();
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await Close();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await Close();
        _sample?.Dispose();
    }

    /// <summary>Takes 6 s, of which the page waits 3 before it reconnects.</summary>
    [Test]
    public async Task Page_ServerDropsEverybody_CountsDownAndGoesOnWithoutLoss()
    {
        ILocator badge = Page.Locator(".badge");

        await Expect(badge).ToHaveTextAsync("live");
        await Expect(Page.Locator(".plot g")).Not.ToHaveCountAsync(0);
        long before = await ReceivedMoreThanAsync(Page, 0);
        before = await ReceivedMoreThanAsync(Page, before);

        await Page.EvaluateAsync(WriteDownBadges);
        await Page.ClickAsync("text=Drop everybody");
        await Page.WaitForFunctionAsync(@"badges.some(text => /^reconnecting in \d\.\d s$/.test(text)) && badges.at(-1) == 'live'");
        await Expect(Page.Locator("#reconnections")).ToHaveTextAsync("1");
        await Expect(Page.Locator(".plot .outage")).ToHaveCountAsync(1);
        await ReceivedMoreThanAsync(Page, before);
        await Expect(Page.Locator("#missed")).ToHaveTextAsync("0");
        Assert.That(_errors, engine.IsToldOfABrokenConnection());
    }

    [Test]
    public async Task Page_VisitorFiltersAndChooses_ShowsThat()
    {
        ILocator instruments = Page.Locator(".instrument");

        await Page.FillAsync("input[type=search]", "bor");
        await Expect(instruments).ToHaveCountAsync(1);
        await instruments.First.ClickAsync();
        await Expect(Page.Locator(".chart h2")).ToHaveTextAsync("Borealis");
        await Page.FillAsync("input[type=search]", "nothing like it");
        await Expect(instruments).ToHaveCountAsync(0);
        await Expect(Page.Locator(".empty")).ToBeVisibleAsync();
        Assert.That(_errors, Is.Empty);
    }

    /// <summary>The first case takes 7 s or more, because it loads the page.</summary>
    [TestCase(1280, 800, ColorScheme.Light)]
    [TestCase(1280, 800, ColorScheme.Dark)]
    [TestCase(390, 844, ColorScheme.Light)]
    [TestCase(390, 844, ColorScheme.Dark)]
    public async Task Page_OnAnyScreen_FitsAndCanBeRead(int width, int height, ColorScheme scheme)
    {
        await Page.SetViewportSizeAsync(width, height);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });

        Assert.That(await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), Is.LessThanOrEqualTo(0), "no scrolling sideways");
        double[] text = await ColourAsync(Page, "color"), back = await ColourAsync(Page, "backgroundColor");
        Assert.That(Contrast(text, back), Is.GreaterThan(7), "WCAG AAA");

        // Without Playwright's patches, Firefox does not emulate the dark scheme.
        bool isDark = scheme == ColorScheme.Dark && engine != BrowserEngine.Firefox;
        Assert.That(text.Average() > back.Average(), Is.EqualTo(isDark));
    }

    private async Task Close()
    {
        if (_openPage is not null)
            await _openPage.CloseAsync();
        _openPage = null;
    }

    /// <summary>How many prices have been received, once these are more than so many.</summary>
    private static async Task<long> ReceivedMoreThanAsync(IPage page, long count)
    {
        await page.WaitForFunctionAsync("count => Number(document.querySelector('#received').textContent.replaceAll(',', '')) > count", count);
        return long.Parse(await page.InnerTextAsync("#received"), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private static async Task<double[]> ColourAsync(IPage page, string property) =>
        await page.EvaluateAsync<double[]>($"getComputedStyle(document.body).{property}.match(/\\d+/g).slice(0, 3).map(Number)");

    /// <summary>As the Web Content Accessibility Guidelines compute it.</summary>
    private static double Contrast(double[] one, double[] other)
    {
        double[] luminances = [Luminance(one), Luminance(other)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);

        static double Luminance(double[] colour)
        {
            double[] linear = [.. colour.Select(each => each / 255).Select(each => each <= 0.04045 ? each / 12.92 : Math.Pow((each + 0.055) / 1.055, 2.4))];
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }
}
