using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The library on the single thread of a browser: a Blazor WebAssembly page that streams from its host, in a real
/// Chromium. What the page says has been shown lets the server go on, so nothing here can have been kept back by the browser.
/// </summary>
[CancelAfter(180_000)]
internal sealed class WebAssemblyTests
{
    private IBrowser _browser = null!;

    /// <summary>Once for all tests, and again if it has crashed.</summary>
    [SetUp]
    public async Task LaunchBrowser()
    {
        if (_browser is not { IsConnected: true })
            _browser = await Chromium.LaunchAsync();
    }

    [OneTimeTearDown]
    public async Task CloseBrowser()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
    }

    [Test]
    public async Task FromSse_ResponseIsOpen_BringsEachEventAtOnce(CancellationToken hang)
    {
        using var shown = new SemaphoreSlim(0);
        await using BlazorApp app = await BlazorApp.OpenAsync(_browser, async context =>
        {
            for (int i = 1; i <= 5; i++)
            {
                await context.SendAsync($"data: {i}\n\n");
                await shown.WaitAsync(hang);
            }

            await context.UntilAbortedAsync();
        });

        Assert.That(await app.NextAsync(2, hang), Is.EqualTo(new[] { "connecting", "open 200" }));
        for (int i = 1; i <= 5; i++)
        {
            Assert.That(await app.NextAsync(1, hang), Is.EqualTo(new[] { $"message {i}" }));
            shown.Release();
        }

        Assert.That(await app.LinesAsync(), Is.EqualTo(new[] { "connecting", "open 200", "message 1", "message 2", "message 3", "message 4", "message 5" }));
        Assert.That(app.Errors, Is.Empty);
    }

    [Test]
    public async Task FromSse_ConnectionBreaks_ResumesAfterTheServersDelay(CancellationToken hang)
    {
        var ids = new ConcurrentQueue<string>();
        using var shown = new SemaphoreSlim(0);
        long broken = 0;
        TimeSpan waited = TimeSpan.Zero;
        await using BlazorApp app = await BlazorApp.OpenAsync(_browser, async context =>
        {
            ids.Enqueue(context.LastEventId());
            if (ids.Count > 1)
            {
                waited = Stopwatch.GetElapsedTime(broken);
                await context.SendAsync("data: rest\n\n");
                await context.UntilAbortedAsync();
                return;
            }

            await context.SendAsync("retry: 1500\nid: é漢𝄞\ndata: whole\n\nid: lost\ndata: cut o");
            await shown.WaitAsync(hang);
            broken = Stopwatch.GetTimestamp();
            context.Abort();
        });

        Assert.That(await app.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message whole" }));
        shown.Release();
        Assert.That(await app.NextAsync(4, hang), Is.EqualTo(new[] { "SseConnectionException, again in 1500 ms", "connecting", "open 200", "message rest" }));
        Assert.That(ids, Is.EqualTo(new[] { "", "é漢𝄞" }));

        // A browser's timers count whole milliseconds.
        Assert.That(waited, Is.GreaterThan(TimeSpan.FromMilliseconds(1490)));
        Assert.That(app.Errors, Has.All.StartsWith("Failed to load resource: net::ERR_"), "the browser's own word for it, and nothing else");
    }

    [Test]
    public async Task Dispose_WhileReading_AbortsTheRequest(CancellationToken hang)
    {
        var aborted = new TaskCompletionSource();
        await using BlazorApp app = await BlazorApp.OpenAsync(_browser, async context =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
            aborted.SetResult();
        });

        Assert.That(await app.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message a" }));
        Assert.That(aborted.Task.IsCompleted, Is.False);
        await app.LeaveAsync();

        await aborted.Task.WaitAsync(hang);
        Assert.That(await app.NextAsync(1, hang), Is.EqualTo(new[] { "left" }));
        Assert.That(app.Errors, Is.Empty);
    }

    [Test]
    public async Task Post_WithASentinel_CompletesAndAbortsTheRest(CancellationToken hang)
    {
        var bodies = new ConcurrentQueue<string>();
        var aborted = new TaskCompletionSource();
        await using BlazorApp app = await BlazorApp.OpenAsync(
            _browser,
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                bodies.Enqueue($"{context.Request.Method} {await reader.ReadToEndAsync(hang)}");
                await context.SendAsync("data: Hel\n\ndata: lo\n\ndata: [DONE]\n\ndata: too late\n\n");
                await context.UntilAbortedAsync();
                aborted.SetResult();
            },
            "?post=Hi");

        Assert.That(await app.NextAsync(5, hang), Is.EqualTo(new[] { "connecting", "open 200", "message Hel", "message lo", "completed" }));
        await aborted.Task.WaitAsync(hang);
        Assert.That(bodies, Is.EqualTo(new[] { "POST Hi" }));
        Assert.That(app.Errors, Is.Empty);
    }

    /// <summary>Takes 7 s: the timeout runs in real time, and a browser on a busy machine must be able to show the event before it.</summary>
    [Test]
    public async Task IdleTimeout_ServerFallsSilent_ReconnectsAndAbortsTheRequest(CancellationToken hang)
    {
        int requests = 0;
        var aborted = new TaskCompletionSource();
        await using BlazorApp app = await BlazorApp.OpenAsync(
            _browser,
            async context =>
            {
                if (Interlocked.Increment(ref requests) > 1)
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }

                await context.SendAsync("retry: 100\ndata: a\n\n");
                await context.UntilAbortedAsync();
                aborted.SetResult();
            },
            "?idleTimeout=5000");

        Assert.That(await app.NextAsync(6, hang), Is.EqualTo(new[]
        {
            "connecting", "open 200", "message a", "SseIdleTimeoutException, again in 100 ms", "connecting", "completed",
        }));
        await aborted.Task.WaitAsync(hang);
        Assert.That(app.Errors, Is.Empty);
    }
}
