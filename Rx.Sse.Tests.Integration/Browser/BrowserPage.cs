using System.Text.Json;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>A page in any of the browser engines. Pages share nothing with each other.</summary>
internal abstract class BrowserPage : IAsyncDisposable
{
    /// <summary>The maximum time for a single operation of a browser.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    /// <summary>Occurs when the page or its browser has crashed.</summary>
    public event Action<string>? Crashed;

    /// <summary>Opens an empty page. Skips the running test if the browser is missing.</summary>
    public static async Task<BrowserPage> OpenAsync(BrowserEngine engine) => engine == BrowserEngine.WebKit
        ? await WebKitPage.OpenAsync()
        : new PlaywrightPage(await PlaywrightBrowser.OpenPageAsync(engine));

    /// <summary>Navigates to an address, and returns when the page has loaded.</summary>
    public abstract Task GotoAsync(string address);

    /// <summary>Sets the size of the window, or the smallest size that the browser allows.</summary>
    public abstract Task ResizeAsync(int width, int height);

    /// <summary>
    /// Returns the errors since the last call: those written to the console, and those that no code has caught.
    /// </summary>
    public abstract Task<IReadOnlyList<string>> TakeErrorsAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Evaluates a JavaScript expression whose value can be serialized as JSON.</summary>
    public async Task<T> EvaluateAsync<T>(string expression) =>
        JsonSerializer.Deserialize<T>(await EvaluateTextAsync($"JSON.stringify({expression})"))!;

    /// <summary>Waits until a JavaScript expression is true.</summary>
    public async Task WaitUntilAsync(string expression, CancellationToken hang)
    {
        while (!await EvaluateAsync<bool>($"!!({expression})"))
            await Task.Delay(BetweenLooks, hang);
    }

    /// <summary>Returns the text of each element that the CSS selector matches.</summary>
    public Task<string[]> TextsAsync(string selector) =>
        EvaluateAsync<string[]>($"[...document.querySelectorAll('{selector}')].map(element => element.innerText)");

    public Task ClickAsync(string selector) =>
        EvaluateAsync<bool>($"(document.querySelector('{selector}').click(), true)");

    /// <summary>Replaces the text of an input, as if the user had typed it.</summary>
    public Task FillAsync(string selector, string text) => EvaluateAsync<bool>(
        $"(input => (input.value = '{text}', input.dispatchEvent(new Event('input', {{ bubbles: true }}))))"
        + $"(document.querySelector('{selector}'))");

    /// <summary>Evaluates a JavaScript expression that returns a string.</summary>
    protected abstract Task<string> EvaluateTextAsync(string expression);

    protected void OnCrashed(string what) => Crashed?.Invoke(what);
}
