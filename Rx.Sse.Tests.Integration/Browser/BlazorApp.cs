using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The page of the Blazor application in a browser, and the server that serves the page and its streams. The page takes
/// seconds to load, so it is loaded once and then navigated from stream to stream.
/// </summary>
internal sealed class BlazorApp : IAsyncDisposable
{
    private readonly Channel<string> _shown = Channel.CreateUnbounded<string>();

    /// <summary>
    /// The requests that are being answered, each with the number of its stream. Also used as its own lock.
    /// </summary>
    private readonly Dictionary<HttpContext, int> _open = [];

    private readonly BrowserEngine _engine;
    private readonly BrowserPage _page;
    private SocketServer? _server;
    private RequestDelegate _stream = null!;
    private int _streams;

    private BlazorApp(BrowserEngine engine, BrowserPage page) => (_engine, _page) = (engine, page);

    /// <summary>The origin of the page.</summary>
    public string Origin => _server!.Url;

    /// <summary>Loads the page, without a stream.</summary>
    public static async Task<BlazorApp> OpenAsync(BrowserEngine engine)
    {
        var app = new BlazorApp(engine, await BrowserPage.OpenAsync(engine));
        try
        {
            await app.LoadAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the current stream and begins another.</summary>
    /// <param name="stream">Answers the request for the stream.</param>
    /// <param name="query">The parameters of the stream.</param>
    public async Task BeginAsync(RequestDelegate stream, string query = "")
    {
        await TakeErrorsAsync();
        _stream = stream;
        string address = JsonSerializer.Serialize($"?stream={++_streams}{query}");
        await _page.EvaluateAsync<bool>($"(Blazor.navigateTo({address}), true)");
    }

    /// <summary>Returns the next lines that the page reports to have shown for its current stream.</summary>
    public async Task<string[]> NextAsync(int count, CancellationToken hang)
    {
        var lines = new string[count];
        for (int i = 0; i < count; i++)
            lines[i] = await _shown.Reader.ReadAsync(hang);
        return lines;
    }

    /// <summary>Returns all lines on the page.</summary>
    public Task<string[]> LinesAsync() => _page.TextsAsync("li");

    /// <inheritdoc cref="BrowserPage.TakeErrorsAsync"/>
    public Task<IReadOnlyList<string>> TakeErrorsAsync() => _page.TakeErrorsAsync();

    /// <summary>Makes the page write one error to its console and throw another that no code catches.</summary>
    public Task FailAsync(string written, string thrown) => _page.EvaluateAsync<bool>(
        $"(console.error('{written}'), setTimeout(() => {{ throw new Error('{thrown}') }}), true)");

    /// <summary>Makes the page dispose of its subscription.</summary>
    public Task LeaveAsync() => _page.ClickAsync("button");

    public async ValueTask DisposeAsync()
    {
        await _page.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    private async Task LoadAsync()
    {
        _page.Crashed += what => _shown.Writer.TryComplete(new InvalidOperationException(what));
        _server = await SocketServer.StartAsync(
            context => context.Request.Path == "/shown" ? TakeShownAsync(context) : StreamAsync(context),
            BuildOutput.WebAssemblyFiles);
        await _page.GotoAsync(_server.Url);
        using var hang = new CancellationTokenSource(BrowserPage.Patience);
        await _page.WaitUntilAsync("document.querySelector('p')", hang.Token);
    }

    private async Task StreamAsync(HttpContext context)
    {
        lock (_open)
        {
            // The page has unsubscribed from the earlier streams, but some browsers keep their connections open. The
            // others close them, and would report a broken connection if the server closed them first.
            foreach ((HttpContext request, int stream) in _open)
            {
                if (stream < _streams && !_engine.ClosesSilentStreams())
                    request.Abort();
            }

            _open.Add(context, _streams);
        }

        try
        {
            await _stream(context);
        }
        finally
        {
            lock (_open)
                _open.Remove(context);
        }
    }

    private async Task TakeShownAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _shown.Writer.TryWrite(await reader.ReadToEndAsync(context.RequestAborted));
    }
}
