using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Rx.Sse.Samples;
using Rx.Sse.Tests.Integration.Browser;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The fan-out sample as a program, over real sockets, and its page in real browsers.</summary>
[CancelAfter(120_000)]
internal sealed class FanOutTests
{
    /// <summary>
    /// Takes 6 s: the upstream server sends an event every 50 ms and breaks the connection after 60, and the test waits
    /// for more than 100 events.
    /// </summary>
    [TestCase(BrowserEngine.Chromium)]
    [TestCase(BrowserEngine.Firefox)]
    [TestCase(BrowserEngine.WebKit)]
    [Parallelizable(ParallelScope.Children)]
    public async Task Page_InTwoWindows_ShowsTheSameEventsAcrossCuts(BrowserEngine engine, CancellationToken hang)
    {
        using var sample = SampleProcess.Start("fan-out", "--serve", "--port", "0");
        string address = (await sample.Output.ReadLineAsync(hang))!.Split(' ')[1];

        await using BrowserPage one = await BrowserPage.OpenAsync(engine);
        await using BrowserPage other = await BrowserPage.OpenAsync(engine);
        BrowserPage[] pages = [one, other];
        foreach (BrowserPage page in pages)
            await page.GotoAsync(address);

        // The upstream server sends 60 events per connection, so this includes a reconnection.
        foreach (BrowserPage page in pages)
        {
            await page.WaitUntilAsync("Number(document.querySelector('#received').textContent) > 100", hang);
            await page.WaitUntilAsync("document.querySelector('#state').textContent == 'connected'", hang);
            Assert.That(await page.TextsAsync("#missing"), Is.EqualTo(new[] { "0" }));
        }

        sample.Interrupt();
        SampleResult result = await sample.EndAsync(hang);
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Errors, Does.Contain("Trying again in").And.Not.Contain("   at "), "upstream was cut");
    }

    [Test]
    public async Task Upstream_CannotBeReached_IsReportedClearly(CancellationToken hang)
    {
        using var sample = SampleProcess.Start("fan-out", "--upstream", "http://127.0.0.1:1/", "--port", "0");
        string address = (await sample.Output.ReadLineAsync(hang))!.Split(' ')[1];
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(
            new Uri($"{address}events"), HttpCompletionOption.ResponseHeadersRead, hang);

        string? told = await sample.Errors.ReadLineAsync(hang);

        Assert.That(told, Does.Contain("refused").And.Contain("Trying again in"));
    }

    [Test]
    public async Task Upstream_IdBeyondAscii_IsResumedAfterIt(CancellationToken hang)
    {
        var resumed = new TaskCompletionSource<string>();
        await using WebApplication upstream = EmbeddedServer.CreateBuilder().Build();
        upstream.MapGet("/", async (HttpContext context, [FromHeader(Name = "Last-Event-ID")] string? lastEventId) =>
        {
            if (lastEventId is not null)
                resumed.TrySetResult(lastEventId);
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("retry: 10\nid: é漢\ndata\n\n", hang);
        });
        await upstream.StartAsync(hang);
        using var sample = SampleProcess.Start("fan-out", "--upstream", $"{upstream.Address()}", "--port", "0");
        string address = (await sample.Output.ReadLineAsync(hang))!.Split(' ')[1];
        using var client = new HttpClient();
        using Stream stream = await client.GetStreamAsync(new Uri($"{address}events"), hang);

        Assert.That(await resumed.Task.WaitAsync(TimeSpan.FromSeconds(20), hang), Is.EqualTo("é漢"));
    }

    /// <summary>Browsers then reconnect by themselves, to the relay that replaces this one.</summary>
    [Test]
    public async Task Interrupt_ResponsesEnd(CancellationToken hang)
    {
        using var sample = SampleProcess.Start("fan-out", "--serve", "--port", "0");
        string address = (await sample.Output.ReadLineAsync(hang))!.Split(' ')[1];
        using var client = new HttpClient();
        using Stream stream = await client.GetStreamAsync(new Uri($"{address}events"), hang);
        using var reader = new StreamReader(stream);
        await reader.ReadLineAsync(hang);

        sample.Interrupt();

        Assert.That(await reader.ReadToEndAsync(hang), Does.EndWith("\n\n"), "it has an end, after a whole event");
        Assert.That(await sample.ExitCodeAsync(hang), Is.Zero);
    }

    [Test]
    public async Task Redis_CannotBeReached_IsReportedClearly(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(
            ["fan-out", "--upstream", "http://127.0.0.1:1/", "--redis", "127.0.0.1:1,password=secret"], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors.TrimEnd(), Is.EqualTo("Redis cannot be reached at 127.0.0.1:1."));
    }

    [TestCase("--followers 0", "--followers")]
    [TestCase("--history 0", "--history")]
    [TestCase("--redis 127.0.0.1:6379", "--redis needs --upstream")]
    [TestCase("--upstream http://localhost --redis nonsense=1", "HOST:PORT")]
    [TestCase("--upstream http://localhost --lease 3", "--lease needs --redis")]
    [TestCase("--upstream http://localhost --redis localhost --lease 0.5", "at least 1")]
    [TestCase("--upstream nonsense", "'nonsense' is not an address")]
    public async Task BadArgument_IsExplained(string arguments, string named, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["fan-out", .. arguments.Split(' ')], hang);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(named));
    }
}
