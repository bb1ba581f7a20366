using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using NUnit.Framework.Interfaces;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The library on the single thread of a browser: a Blazor WebAssembly page that streams from its host, in a real
/// Chromium. What the page says has been shown lets the server go on, so nothing here can have been kept back by the browser.
/// </summary>
[CancelAfter(180_000)]
internal sealed class WebAssemblyTests
{
    private BlazorApp? _app;

    private BlazorApp App => _app!;

    /// <summary>Once for all tests, and again after one that has failed. The first test takes 6 s or more because of it.</summary>
    [SetUp]
    public async Task Open()
    {
        if (_app is null)
        {
            _app = await BlazorApp.OpenAsync();
            Assert.That(App.Errors, Is.Empty);
        }
    }

    [TearDown]
    public async Task CloseAfterFailure()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
            await Close();
    }

    [OneTimeTearDown]
    public async Task Close()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    [Test]
    public async Task FromSse_ResponseIsOpen_BringsEachEventAtOnce(CancellationToken hang)
    {
        using var shown = new SemaphoreSlim(0);
        await App.BeginAsync(async context =>
        {
            for (int i = 1; i <= 5; i++)
            {
                await context.SendAsync($"data: {i}\n\n");
                await shown.WaitAsync(hang);
            }

            await context.UntilAbortedAsync();
        });

        Assert.That(await App.NextAsync(2, hang), Is.EqualTo(new[] { "connecting", "open 200" }));
        for (int i = 1; i <= 5; i++)
        {
            Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { $"message {i}" }));
            shown.Release();
        }

        Assert.That(await App.LinesAsync(), Is.EqualTo(new[] { "connecting", "open 200", "message 1", "message 2", "message 3", "message 4", "message 5" }));
        Assert.That(App.Errors, Is.Empty);
    }

    [Test]
    public async Task FromSse_ConnectionBreaks_ResumesAfterTheServersDelay(CancellationToken hang)
    {
        var ids = new ConcurrentQueue<string>();
        using var shown = new SemaphoreSlim(0);
        long broken = 0;
        TimeSpan waited = TimeSpan.Zero;
        await App.BeginAsync(async context =>
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

        Assert.That(await App.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message whole" }));
        shown.Release();
        Assert.That(await App.NextAsync(4, hang), Is.EqualTo(new[] { "SseConnectionException, again in 1500 ms", "connecting", "open 200", "message rest" }));
        Assert.That(ids, Is.EqualTo(new[] { "", "é漢𝄞" }));

        // A browser's timers count whole milliseconds.
        Assert.That(waited, Is.GreaterThan(TimeSpan.FromMilliseconds(1490)));
        Assert.That(App.Errors, Has.All.StartsWith("Failed to load resource: net::ERR_"), "the browser's own word for it, and nothing else");
    }

    /// <summary>Takes 2 s: the timeout of the attempt has to be over when the event comes.</summary>
    [Test]
    public async Task FromSse_TimeoutOfTheAttempt_EndsWithTheHeaders(CancellationToken hang)
    {
        await App.BeginAsync(
            async context =>
            {
                await context.SendAsync("data: before\n\n");
                await Task.Delay(TimeSpan.FromSeconds(2), hang);
                await context.SendAsync("data: after\n\n");
                await context.UntilAbortedAsync();
            },
            "&attemptTimeout=1000");

        Assert.That(
            await App.NextAsync(4, hang),
            Is.EqualTo(new[] { "connecting", "open 200", "message before", "message after" }));
        Assert.That(App.Errors, Is.Empty);
    }

    /// <summary>The browser decodes the body, but leaves the header.</summary>
    [Test]
    public async Task FromSse_CompressedStream_IsDecodedByTheBrowser(CancellationToken hang)
    {
        await App.BeginAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.ContentEncoding = "gzip";
            await using (var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true))
                await gzip.WriteAsync("data: packed\n\n"u8.ToArray(), hang);
            await context.Response.Body.FlushAsync(hang);
            await context.UntilAbortedAsync();
        });

        Assert.That(await App.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message packed" }));
        Assert.That(App.Errors, Is.Empty);
    }

    [Test]
    public async Task Dispose_WhileReading_AbortsTheRequest(CancellationToken hang)
    {
        var aborted = new TaskCompletionSource();
        await App.BeginAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
            aborted.SetResult();
        });

        Assert.That(await App.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message a" }));
        Assert.That(aborted.Task.IsCompleted, Is.False);
        await App.LeaveAsync();

        await aborted.Task.WaitAsync(hang);
        Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { "left" }));
        Assert.That(App.Errors, Is.Empty);
    }

    [Test]
    public async Task Post_WithASentinel_CompletesAndAbortsTheRest(CancellationToken hang)
    {
        var bodies = new ConcurrentQueue<string>();
        var aborted = new TaskCompletionSource();
        await App.BeginAsync(
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                bodies.Enqueue($"{context.Request.Method} {await reader.ReadToEndAsync(hang)}");
                await context.SendAsync("data: Hel\n\ndata: lo\n\ndata: [DONE]\n\ndata: too late\n\n");
                await context.UntilAbortedAsync();
                aborted.SetResult();
            },
            "&post=Hi");

        Assert.That(await App.NextAsync(5, hang), Is.EqualTo(new[] { "connecting", "open 200", "message Hel", "message lo", "completed" }));
        await aborted.Task.WaitAsync(hang);
        Assert.That(bodies, Is.EqualTo(new[] { "POST Hi" }));
        Assert.That(App.Errors, Is.Empty);
    }

    /// <summary>Takes 6 s: the timeout runs in real time, and a browser on a busy machine must be able to show the event before it.</summary>
    [Test]
    public async Task IdleTimeout_ServerFallsSilent_ReconnectsAndAbortsTheRequest(CancellationToken hang)
    {
        int requests = 0;
        var aborted = new TaskCompletionSource();
        await App.BeginAsync(
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
            "&idleTimeout=5000");

        Assert.That(await App.NextAsync(6, hang), Is.EqualTo(new[]
        {
            "connecting", "open 200", "message a", "SseIdleTimeoutException, again in 100 ms", "connecting", "completed",
        }));
        await aborted.Task.WaitAsync(hang);
        Assert.That(App.Errors, Is.Empty);
    }
}
