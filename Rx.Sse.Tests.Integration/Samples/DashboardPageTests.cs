using System.Globalization;
using NUnit.Framework.Interfaces;
using Rx.Sse.Tests.Integration.Browser;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The program of the dashboard sample, and its page in each browser engine.</summary>
[TestFixture(BrowserEngine.Chromium)]
[TestFixture(BrowserEngine.Firefox)]
[TestFixture(BrowserEngine.WebKit)]
[CancelAfter(180_000)]
internal sealed class DashboardPageTests(BrowserEngine engine)
{
    /// <summary>Makes the page record the texts of its badge, because each text is shown only briefly.</summary>
    private const string RecordBadge = """
        (badge => {
            window.badges = [];
            new MutationObserver(() => badges.push(badge.innerText.trim()))
                .observe(badge, { subtree: true, childList: true, characterData: true });
            return true;
        })(document.querySelector('.badge'))
        """;

    private SampleProcess _sample = null!;
    private string _address = null!;
    private BrowserPage? _openPage;

    private static CancellationToken Hang => TestContext.CurrentContext.CancellationToken;

    private BrowserPage Page => _openPage!;

    [OneTimeSetUp]
    public async Task Start()
    {
        using var hang = new CancellationTokenSource(BrowserPage.Patience);
        _sample = SampleProcess.Start("dashboard", "--port", "0");
        _address = (await _sample.Output.ReadLineAsync(hang.Token))!.Split(' ')[1];
    }

    /// <summary>
    /// The page takes seconds to load, so all tests share one. A new one is opened after a failed test.
    /// </summary>
    [SetUp]
    public async Task Open()
    {
        if (_openPage is null)
        {
            _openPage = await BrowserPage.OpenAsync(engine);
            await _openPage.GotoAsync(_address);
        }

        await Page.WaitUntilAsync("document.querySelector('input[type=search]')", Hang);
        await Page.ResizeAsync(1280, 800);
        await Page.FillAsync("input[type=search]", "");
        await WaitForCountAsync(".instrument", 6);
        Assert.That(await Page.TakeErrorsAsync(), Is.Empty);
    }

    [TearDown]
    public async Task CloseAfterFailure()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await CloseAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await CloseAsync();
        _sample?.Dispose();
    }

    /// <summary>Takes 6 s, including the 3 s that the page waits before it reconnects.</summary>
    [Test]
    public async Task Page_ConnectionIsCut_CountsDownAndResumesWithoutLoss()
    {
        await WaitForTextAsync(".badge", "live");
        await Page.WaitUntilAsync("document.querySelector('.plot g')", Hang);
        long before = await ReceivedMoreThanAsync(0);
        before = await ReceivedMoreThanAsync(before);

        await Page.EvaluateAsync<bool>(RecordBadge);
        await Page.ClickAsync(".drop");
        await Page.WaitUntilAsync(
            @"badges.some(text => /^reconnecting in \d\.\d s$/.test(text)) && badges.at(-1) == 'live'", Hang);
        await WaitForTextAsync("#reconnections", "1");
        await WaitForCountAsync(".plot .outage", 1);
        await ReceivedMoreThanAsync(before);
        await WaitForTextAsync("#missed", "0");
        Assert.That(await Page.TakeErrorsAsync(), engine.IsToldOfABrokenConnection());
    }

    [Test]
    public async Task Page_VisitorFiltersAndChooses_ShowsThat()
    {
        await Page.FillAsync("input[type=search]", "bor");
        await WaitForCountAsync(".instrument", 1);
        await Page.ClickAsync(".instrument");
        await WaitForTextAsync(".chart h2", "Borealis");
        await Page.FillAsync("input[type=search]", "nothing like it");
        await WaitForCountAsync(".instrument", 0);
        await Page.WaitUntilAsync("document.querySelector('.empty')?.checkVisibility()", Hang);
        Assert.That(await Page.TakeErrorsAsync(), Is.Empty);
    }

    /// <summary>The first case takes 7 s or more, because it loads the page.</summary>
    [TestCase(1280, 800)]
    [TestCase(390, 844)]
    public async Task Page_OnAnyScreen_FitsAndCanBeRead(int width, int height)
    {
        await Page.ResizeAsync(width, height);
        // The window of WebKitGTK's browser is at least 447 pixels wide.
        await Page.WaitUntilAsync($"innerWidth < {width + 60}", Hang);

        Assert.That(
            await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"),
            Is.LessThanOrEqualTo(0),
            "no scrolling sideways");
        await AssertCanBeReadAsync(isDark: false);

        // The other engines use the dark color scheme only if the system does.
        if (engine != BrowserEngine.Chromium)
            return;
        var page = (PlaywrightPage)Page;
        await page.UseDarkSchemeAsync(true);
        await AssertCanBeReadAsync(isDark: true);
        await page.UseDarkSchemeAsync(false);
    }

    private async Task AssertCanBeReadAsync(bool isDark)
    {
        double[] text = await ColorAsync("color"), background = await ColorAsync("backgroundColor");
        Assert.That(Contrast(text, background), Is.GreaterThan(7), "WCAG AAA");
        Assert.That(text.Average() > background.Average(), Is.EqualTo(isDark));
    }

    private async Task CloseAsync()
    {
        if (_openPage is not null)
            await _openPage.DisposeAsync();
        _openPage = null;
    }

    private Task WaitForCountAsync(string selector, int count) =>
        Page.WaitUntilAsync($"document.querySelectorAll('{selector}').length === {count}", Hang);

    private Task WaitForTextAsync(string selector, string text) =>
        Page.WaitUntilAsync($"document.querySelector('{selector}')?.innerText.trim() === '{text}'", Hang);

    /// <summary>Waits until more than this number of prices have been received, and returns how many.</summary>
    private async Task<long> ReceivedMoreThanAsync(long count)
    {
        const string Received = "Number(document.querySelector('#received').textContent.replaceAll(',', ''))";
        await Page.WaitUntilAsync(string.Create(CultureInfo.InvariantCulture, $"{Received} > {count}"), Hang);
        return await Page.EvaluateAsync<long>(Received);
    }

    private Task<double[]> ColorAsync(string property) => Page.EvaluateAsync<double[]>(
        $"getComputedStyle(document.body).{property}.match(/\\d+/g).slice(0, 3).map(Number)");

    /// <summary>Returns the contrast ratio as defined by the Web Content Accessibility Guidelines.</summary>
    private static double Contrast(double[] one, double[] other)
    {
        double[] luminances = [Luminance(one), Luminance(other)];
        return (luminances.Max() + 0.05) / (luminances.Min() + 0.05);

        static double Luminance(double[] color)
        {
            double[] linear =
            [
                .. color.Select(each => each / 255)
                    .Select(each => each <= 0.04045 ? each / 12.92 : Math.Pow((each + 0.055) / 1.055, 2.4)),
            ];
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }
    }
}
