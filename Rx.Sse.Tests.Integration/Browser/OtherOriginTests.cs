using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// A Blazor WebAssembly page that streams from a server of another origin. The browser enforces CORS (Fetch standard,
/// section 3.3).
/// </summary>
[TestFixture(BrowserEngine.Chromium)]
[TestFixture(BrowserEngine.Firefox)]
[TestFixture(BrowserEngine.WebKit)]
[CancelAfter(180_000)]
internal sealed class OtherOriginTests(BrowserEngine engine) : BlazorTests(engine)
{
    private readonly ConcurrentQueue<string> _requests = new();
    private SocketServer? _server;

    /// <summary>Unsubscribes, because the page is kept for the next test and would keep reconnecting.</summary>
    [TearDown]
    public async Task LeaveAsync()
    {
        using var hang = new CancellationTokenSource(BrowserPage.Patience);
        await App.LeaveAsync();
        while ((await App.NextAsync(1, hang.Token))[0] != "left")
        {
        }

        await _server!.DisposeAsync();
        _requests.Clear();
    }

    /// <summary>Behaves like most servers with streams for the native <c>EventSource</c>.</summary>
    [Test]
    public async Task FromSse_ServerThatRefusesPreflights_IsStreamed(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: false);

        Assert.That(
            await App.NextAsync(4, hang),
            Is.EqualTo(
                new[] { "connecting", "open 200", "message first", "SseEndOfStreamException, again in 100 ms" }));

        // The next attempt, which sends an ID, may have begun.
        Assert.That(_requests.First(), Is.EqualTo("GET /stream"), "no preflight");
    }

    [Test]
    public async Task SendLastEventId_ServerDoesNotAllowIt_CannotReconnect(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: false);

        string[] lines = await App.NextAsync(6, hang);

        Assert.That(lines[4], Is.EqualTo("connecting"));
        Assert.That(lines[5], Does.StartWith("SseConnectionException, again in"));

        // The next attempt, which sends a preflight again, may have begun.
        Assert.That(_requests.Distinct(), Is.EqualTo(new[] { "GET /stream", "OPTIONS /stream" }));
    }

    [Test]
    public async Task SendLastEventId_False_ResumesByTheAddressWithCookies(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: false, "&idInAddress=true");

        Assert.That(
            await App.NextAsync(7, hang),
            Is.EqualTo(new[]
            {
                "connecting", "open 200", "message first", "SseEndOfStreamException, again in 100 ms",
                "connecting", "open 200", "message after 1",
            }));
        Assert.That(_requests, Is.EqualTo(new[] { "GET /stream?after=", "GET /stream?after=1, cookie name=value" }));
    }

    [Test]
    public async Task SendLastEventId_ServerAllowsIt_ResumesByTheHeader(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: true);

        Assert.That((await App.NextAsync(7, hang))[6], Is.EqualTo("message after 1"));
        Assert.That(_requests, Is.EqualTo(new[] { "GET /stream", "OPTIONS /stream", "GET /stream, ID 1" }));
    }

    /// <summary>
    /// Over HTTP/1.1, browsers open at most six connections to a server. In Firefox, six silent streams keep all of
    /// them in use after the page has unsubscribed, until bytes arrive on one of them.
    /// </summary>
    [Test]
    public async Task Dispose_SixSilentStreams_LeavesConnectionsForMore(CancellationToken hang)
    {
        const int MaxConnections = 6;
        var streams = new ConcurrentQueue<SilentStream>();
        _server = await SocketServer.StartAsync(async context =>
        {
            var stream = new SilentStream();
            streams.Enqueue(stream);
            context.Response.Headers.AccessControlAllowOrigin = App.Origin;
            await context.SendAsync("data: a\n\n");
            await stream.StayAsync(context);
        });

        for (int i = 0; i < MaxConnections; i++)
        {
            await BeginAtServerAsync();
            Assert.That(await App.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message a" }));
            await App.LeaveAsync();
            Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { "left" }));
        }

        await BeginAtServerAsync();
        Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { "connecting" }));
        if (!Engine.ClosesSilentStreams())
        {
            await Task.Delay(EngineDifferences.Watch, hang);
            Assert.That(streams, Has.Count.EqualTo(MaxConnections), "no longer differs from the other engines");
            streams.First().BeginHeartbeats();
        }

        Assert.That(await App.NextAsync(2, hang), Is.EqualTo(new[] { "open 200", "message a" }));
    }

    private async Task BeginAsync(bool allowsLastEventId, string query = "")
    {
        _server = await SocketServer.StartAsync(context => AnswerAsync(context, allowsLastEventId));
        await BeginAtServerAsync(query);
    }

    private Task BeginAtServerAsync(string query = "")
    {
        string url = Uri.EscapeDataString($"{_server!.Url}/stream");
        return App.BeginAsync(
            _ => throw new InvalidOperationException("The stream is elsewhere."),
            $"&url={url}{query}");
    }

    private async Task AnswerAsync(HttpContext context, bool allowsLastEventId)
    {
        HttpRequest request = context.Request;
        string id = context.LastEventId() is { Length: > 0 } header ? $", ID {header}" : "";
        string cookie = request.Headers.Cookie.Count > 0 ? $", cookie {request.Headers.Cookie}" : "";
        _requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}{id}{cookie}");
        if (allowsLastEventId || request.Method != HttpMethods.Options)
        {
            context.Response.Headers.AccessControlAllowOrigin = App.Origin;
            context.Response.Headers.AccessControlAllowCredentials = "true";
        }

        if (request.Method == HttpMethods.Options)
        {
            context.Response.StatusCode = allowsLastEventId ? 204 : 405;
            context.Response.Headers.AccessControlAllowHeaders = "Last-Event-ID";
            return;
        }

        context.Response.Headers.SetCookie = "name=value";
        string after = context.LastEventId() + request.Query["after"];
        if (after.Length == 0)
        {
            await context.SendAsync("retry: 100\nid: 1\ndata: first\n\n");
            return;
        }

        await context.SendAsync($"data: after {after}\n\n");
        await context.UntilAbortedAsync();
    }
}
