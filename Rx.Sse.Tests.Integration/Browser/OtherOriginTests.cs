using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// A Blazor WebAssembly page that streams from a server of another origin, which the browser asks for its consent: CORS
/// (Fetch standard, section 3.3).
/// </summary>
[CancelAfter(180_000)]
internal sealed class OtherOriginTests
{
    private readonly ConcurrentQueue<string> _requests = new();
    private BlazorApp _app = null!;
    private SocketServer _server = null!;

    [SetUp]
    public async Task Open()
    {
        _app = await BlazorApp.OpenAsync();
        _requests.Clear();
    }

    [TearDown]
    public async Task Close()
    {
        await _app.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>As most servers do whose streams the native <c>EventSource</c> can read.</summary>
    [Test]
    public async Task FromSse_ServerThatRefusesPreflights_IsStreamed(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: false);

        Assert.That(
            await _app.NextAsync(4, hang),
            Is.EqualTo(new[] { "connecting", "open 200", "message first", "SseEndOfStreamException, again in 100 ms" }));
        Assert.That(_requests.First(), Is.EqualTo("GET /stream"), "no preflight came before it");
    }

    [Test]
    public async Task SendLastEventId_ServerDoesNotAllowIt_CannotReconnect(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: false);

        string[] lines = await _app.NextAsync(6, hang);

        Assert.That(lines[4], Is.EqualTo("connecting"));
        Assert.That(lines[5], Does.StartWith("SseConnectionException, again in"));
        Assert.That(_requests, Is.EqualTo(new[] { "GET /stream", "OPTIONS /stream" }));
    }

    [Test]
    public async Task SendLastEventId_False_ResumesByTheAddressWithCookies(CancellationToken hang)
    {
        await BeginAsync(allowsLastEventId: false, "&idInAddress=true");

        Assert.That(
            await _app.NextAsync(7, hang),
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

        Assert.That((await _app.NextAsync(7, hang))[6], Is.EqualTo("message after 1"));
        Assert.That(_requests, Is.EqualTo(new[] { "GET /stream", "OPTIONS /stream", "GET /stream, ID 1" }));
    }

    private async Task BeginAsync(bool allowsLastEventId, string query = "")
    {
        _server = await SocketServer.StartAsync(context => AnswerAsync(context, allowsLastEventId));
        string url = Uri.EscapeDataString($"{_server.Url}/stream");
        await _app.BeginAsync(_ => throw new InvalidOperationException("The stream is elsewhere."), $"&url={url}{query}");
    }

    private async Task AnswerAsync(HttpContext context, bool allowsLastEventId)
    {
        HttpRequest request = context.Request;
        string id = context.LastEventId() is { Length: > 0 } header ? $", ID {header}" : "";
        string cookie = request.Headers.Cookie.Count > 0 ? $", cookie {request.Headers.Cookie}" : "";
        _requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}{id}{cookie}");
        if (allowsLastEventId || request.Method != HttpMethods.Options)
        {
            context.Response.Headers.AccessControlAllowOrigin = _app.Origin;
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
