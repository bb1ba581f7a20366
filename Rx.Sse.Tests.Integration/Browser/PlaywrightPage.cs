using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>A page in Chromium or Firefox.</summary>
internal sealed class PlaywrightPage : BrowserPage
{
    private readonly IPage _page;
    private readonly ConcurrentQueue<string> _errors = [];

    public PlaywrightPage(IPage page)
    {
        _page = page;
        page.Crash += (_, _) => OnCrashed("The page has crashed.");
        page.Context.Browser!.Disconnected += (_, _) => OnCrashed("The browser has crashed.");
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                _errors.Enqueue(message.Text);
        };
    }

    public override Task GotoAsync(string address) => _page.GotoAsync(address);

    public override Task ResizeAsync(int width, int height) => _page.SetViewportSizeAsync(width, height);

    public Task UseDarkSchemeAsync(bool isDark) => _page.EmulateMediaAsync(
        new PageEmulateMediaOptions { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light });

    public override Task<IReadOnlyList<string>> TakeErrorsAsync()
    {
        var errors = new List<string>();
        while (_errors.TryDequeue(out string? error))
            errors.Add(error);
        return Task.FromResult<IReadOnlyList<string>>(errors);
    }

    public override async ValueTask DisposeAsync() => await _page.CloseAsync();

    protected override Task<string> EvaluateTextAsync(string expression) => _page.EvaluateAsync<string>(expression);
}
