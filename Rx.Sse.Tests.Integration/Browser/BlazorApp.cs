using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The page of the Blazor application in a browser, and the server that it comes from and streams from. It takes seconds to load, so it is
/// loaded once and then sent from one stream to the next.
/// </summary>
internal sealed class BlazorApp : IAsyncDisposable
{
    private readonly Channel<string> _shown = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _errors = new();
    private SocketServer _server = null!;
    private IPage _page = null!;
    private RequestDelegate _stream = null!;
    private int _streams;

    private BlazorApp()
    {
    }

    /// <summary>What the browser's console has of errors, also those that no code has caught.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>The origin of the page.</summary>
    public string Origin => _server.Url;

    /// <summary>Loads the page, which has no stream yet.</summary>
    public static async Task<BlazorApp> OpenAsync()
    {
        var app = new BlazorApp();
        app._server = await SocketServer.StartAsync(
            context => context.Request.Path == "/shown" ? app.TakeShownAsync(context) : app._stream(context),
            BuildOutput.WebAssemblyFiles);
        app._page = await Chromium.OpenPageAsync();
        app._page.Crash += (_, _) => app._shown.Writer.TryComplete(new InvalidOperationException("The page has crashed."));
        app._page.Context.Browser!.Disconnected += (_, _) => app._shown.Writer.TryComplete(new InvalidOperationException("The browser has crashed."));
        app._page.PageError += (_, error) => app._errors.Enqueue(error);
        app._page.Console += (_, message) =>
        {
            if (message.Type == "error")
                app._errors.Enqueue(message.Text);
        };
        await app._page.GotoAsync(app._server.Url);
        await app._page.Locator("p").WaitForAsync();
        return app;
    }

    /// <summary>Ends the stream that there was, and begins another.</summary>
    /// <param name="stream">Answers the page's stream.</param>
    /// <param name="query">What the stream is to be like.</param>
    public async Task BeginAsync(RequestDelegate stream, string query = "")
    {
        _errors.Clear();
        _stream = stream;
        await _page.EvaluateAsync("address => Blazor.navigateTo(address)", $"?stream={++_streams}{query}");
    }

    /// <summary>What the page has shown, as it says itself, while its stream is what it is.</summary>
    public async Task<string[]> NextAsync(int count, CancellationToken hang)
    {
        var lines = new string[count];
        for (int i = 0; i < count; i++)
            lines[i] = await _shown.Reader.ReadAsync(hang);
        return lines;
    }

    /// <summary>All that is to be seen on the page.</summary>
    public Task<IReadOnlyList<string>> LinesAsync() => _page.Locator("li").AllInnerTextsAsync();

    /// <summary>Lets the page dispose of its subscription.</summary>
    public Task LeaveAsync() => _page.ClickAsync("button");

    public async ValueTask DisposeAsync()
    {
        await _page.CloseAsync();
        await _server.DisposeAsync();
    }

    private async Task TakeShownAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _shown.Writer.TryWrite(await reader.ReadToEndAsync(context.RequestAborted));
    }
}
