using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using Rx.Sse.Tests.Integration.Browser;
using static Microsoft.Playwright.Assertions;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The dashboard as a visitor has it: the sample's own program, and its page in a real Chromium.</summary>
[CancelAfter(180_000)]
internal sealed class DashboardPageTests
{
    /// <summary>The page itself does, for what it shows for three seconds may be gone before somebody else looks.</summary>
    private const string WriteDownBadges = """
        const badge = document.querySelector('.badge');
        window.badges = [];
        new MutationObserver(() => badges.push(badge.innerText.trim())).observe(badge, { subtree: true, childList: true, characterData: true });
        """;

    private IBrowser _browser = null!;

    /// <summary>One visitor for all tests: the browser then has the page's files, and what it has compiled of them, already.</summary>
    private IBrowserContext _visitor = null!;

    private SampleProcess _sample = null!;
    private string _address = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _browser = await Chromium.LaunchAsync();
        _visitor = await _browser.NewContextAsync();
        _visitor.SetDefaultTimeout(Chromium.Patience);
        using var hang = new CancellationTokenSource(TimeSpan.FromMilliseconds(Chromium.Patience));
        _sample = SampleProcess.Start("dashboard", "--port", "0");
        _address = (await _sample.Output.ReadLineAsync(hang.Token))!.Split(' ')[1];
    }

    /// <summary>A page that stays open streams on, and a browser has six connections for one server.</summary>
    [TearDown]
    public async Task Close()
    {
        foreach (IPage page in _visitor.Pages.ToArray())
            await page.CloseAsync();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _sample?.Dispose();
        if (_browser is not null)
            await _browser.CloseAsync();
    }

    /// <summary>Takes 6 s, of which the page waits 3 before it reconnects.</summary>
    [Test]
    public async Task Page_ServerDropsEverybody_CountsDownAndGoesOnWithoutLoss()
    {
        ConcurrentQueue<string> errors = [];
        IPage page = await OpenAsync(errors);
        ILocator badge = page.Locator(".badge");

        await Expect(badge).ToHaveTextAsync("live");
        await Expect(page.Locator(".instrument")).ToHaveCountAsync(6);
        await Expect(page.Locator(".plot g")).Not.ToHaveCountAsync(0);
        long before = await ReceivedMoreThanAsync(page, 0);
        before = await ReceivedMoreThanAsync(page, before);

        await page.EvaluateAsync(WriteDownBadges);
        await page.ClickAsync("text=Drop everybody");
        await page.WaitForFunctionAsync(@"badges.some(text => /^reconnecting in \d\.\d s$/.test(text)) && badges.at(-1) == 'live'");
        await Expect(page.Locator("#reconnections")).ToHaveTextAsync("1");
        await Expect(page.Locator(".plot .outage")).ToHaveCountAsync(1);
        await ReceivedMoreThanAsync(page, before);
        await Expect(page.Locator("#missed")).ToHaveTextAsync("0");
        Assert.That(errors, Has.All.StartsWith("Failed to load resource: net::ERR_"), "the browser's own word for the drop, and nothing else");
    }

    [Test]
    public async Task Page_VisitorFiltersAndChooses_ShowsThat()
    {
        ConcurrentQueue<string> errors = [];
        IPage page = await OpenAsync(errors);
        ILocator instruments = page.Locator(".instrument");
        await Expect(instruments).ToHaveCountAsync(6);

        await page.FillAsync("input[type=search]", "bor");
        await Expect(instruments).ToHaveCountAsync(1);
        await instruments.First.ClickAsync();
        await Expect(page.Locator(".chart h2")).ToHaveTextAsync("Borealis");
        await page.FillAsync("input[type=search]", "nothing like it");
        await Expect(instruments).ToHaveCountAsync(0);
        await Expect(page.Locator(".empty")).ToBeVisibleAsync();
        Assert.That(errors, Is.Empty);
    }

    [TestCase(1280, 800, ColorScheme.Light)]
    [TestCase(1280, 800, ColorScheme.Dark)]
    [TestCase(390, 844, ColorScheme.Light)]
    [TestCase(390, 844, ColorScheme.Dark)]
    public async Task Page_OnAnyScreen_FitsAndCanBeRead(int width, int height, ColorScheme scheme)
    {
        IPage page = await OpenAsync([]);
        await page.SetViewportSizeAsync(width, height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
        await Expect(page.Locator(".instrument")).ToHaveCountAsync(6);

        Assert.That(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth"), Is.LessThanOrEqualTo(0), "no scrolling sideways");
        double[] text = await ColourAsync(page, "color"), back = await ColourAsync(page, "backgroundColor");
        Assert.That(Contrast(text, back), Is.GreaterThan(7), "WCAG AAA");
        Assert.That(text.Average() > back.Average(), Is.EqualTo(scheme == ColorScheme.Dark));
    }

    private async Task<IPage> OpenAsync(ConcurrentQueue<string> errors)
    {
        IPage page = await _visitor.NewPageAsync();
        page.PageError += (_, error) => errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                errors.Enqueue(message.Text);
        };
        await page.GotoAsync(_address);
        return page;
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
