using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Rx.Sse.Tests.Integration.Servers;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// A page in WebKitGTK's MiniBrowser, driven over WebDriver (https://www.w3.org/TR/webdriver2/) because Playwright
/// cannot drive it. The driver serves a single browser, so each page has its own driver. Each page also has its own X
/// server, because the browser needs a window.
/// </summary>
internal sealed class WebKitPage : BrowserPage
{
    // WebDriver has no access to the console, so the page records what is written to it.
    private const string RecordErrors = """
        window.recordedErrors = [];
        const error = console.error;
        console.error = (...values) => { recordedErrors.push(values.join(' ')); error(...values); };
        addEventListener('error', e => recordedErrors.push(e.message));
        addEventListener('unhandledrejection', e => recordedErrors.push(String(e.reason)));
        """;

    private readonly HttpClient _client = new() { Timeout = Patience };
    private readonly ChildProcess _display;
    private ServerProcess? _driver;
    private string? _session;

    private WebKitPage(ChildProcess display) => _display = display;

    public static async Task<WebKitPage> OpenAsync()
    {
        string driver = Prerequisite.PathOf("WebKitWebDriver");

        // With -displayfd, Xvfb chooses a free display number and prints it.
        var start = new ProcessStartInfo(
            Prerequisite.PathOf("Xvfb"),
            "-displayfd 1 -nolisten tcp -screen 0 1280x800x24");
        var page = new WebKitPage(new ChildProcess(start));
        try
        {
            await page.StartAsync(driver);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    public override async Task GotoAsync(string address)
    {
        await CallAsync(HttpMethod.Post, $"{_session}/url", new { url = address });
        await RunAsync(RecordErrors);
    }

    public override Task ResizeAsync(int width, int height) =>
        CallAsync(HttpMethod.Post, $"{_session}/window/rect", new { x = 0, y = 0, width, height });

    public override async Task<IReadOnlyList<string>> TakeErrorsAsync() =>
        await EvaluateAsync<string[]>("recordedErrors.splice(0)");

    public override async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await CallAsync(HttpMethod.Delete, _session);
        _driver?.Dispose();
        _client.Dispose();
        if (!_display.HasExited)
        {
            // If it were killed, it would leave its lock file behind.
            using var hang = new CancellationTokenSource(Patience);
            _display.Signal(UnixSignal.Terminate);
            await _display.ExitAsync(hang.Token);
        }

        _display.Dispose();
    }

    protected override async Task<string> EvaluateTextAsync(string expression) =>
        (await RunAsync($"return {expression}"))!.GetValue<string>();

    private async Task StartAsync(string driver)
    {
        string? display = null;
        SpinWait.SpinUntil(() => (display = DisplayNumber()) is not null || _display.HasExited, Patience);
        if (display is null)
            Assert.Fail($"The X server has not started. It printed:\n{_display.Output}");

        int port = ReservedPorts.Next();
        _driver = new ServerProcess(port, () => new ProcessStartInfo(driver, $"--port={port}")
        {
            Environment = { ["DISPLAY"] = $":{display}" },
        }).Start();
        _client.BaseAddress = new Uri(_driver.Url);
        JsonNode session = (await CallAsync(HttpMethod.Post, "/session", new { capabilities = new { } }))!;
        _session = $"/session/{session["sessionId"]}";
    }

    private string? DisplayNumber() => _display.Output.Split('\n')
        .FirstOrDefault(line => int.TryParse(line, CultureInfo.InvariantCulture, out _))?.Trim();

    private Task<JsonNode?> RunAsync(string script) =>
        CallAsync(HttpMethod.Post, $"{_session}/execute/sync", new { script, args = Array.Empty<string>() });

    private async Task<JsonNode?> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var message = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            // The driver requires a Content-Length header.
            message.Content = JsonContent.Create(body);
            await message.Content.LoadIntoBufferAsync();
        }

        using HttpResponseMessage response = await _client.SendAsync(message);
        string text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{method} {path}: {text}");
        return JsonNode.Parse(text)!["value"];
    }
}
