using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The library on the single thread of a browser: a Blazor WebAssembly page that streams from its host, in each engine.
/// The server goes on only when the page reports what it has shown, so this proves that the browser does not buffer the
/// stream.
/// </summary>
[TestFixture(BrowserEngine.Chromium)]
[TestFixture(BrowserEngine.Firefox)]
[TestFixture(BrowserEngine.WebKit)]
[CancelAfter(180_000)]
internal sealed class WebAssemblyTests(BrowserEngine engine) : BlazorTests(engine)
{
    /// <summary>The other tests assert that there are no errors.</summary>
    [Test]
    public async Task TakeErrors_PageWritesAndThrows_HasBoth()
    {
        await App.FailAsync("written", "thrown");

        IReadOnlyList<string> errors = [];
        Assert.That(
            () => errors = [.. errors, .. App.TakeErrorsAsync().GetAwaiter().GetResult()],
            Has.Some.Contains("written").And.Some.Contains("thrown").After(60_000, 50));
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

        Assert.That(
            await App.LinesAsync(),
            Is.EqualTo(new[]
            {
                "connecting", "open 200", "message 1", "message 2", "message 3", "message 4", "message 5",
            }));
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
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
        Assert.That(
            await App.NextAsync(4, hang),
            Is.EqualTo(new[] { "SseConnectionException, again in 1500 ms", "connecting", "open 200", "message rest" }));
        Assert.That(ids, Is.EqualTo(new[] { "", Engine.IdAsReceived("é漢𝄞") }));

        // Browser timers have a resolution of one millisecond.
        Assert.That(waited, Is.GreaterThan(TimeSpan.FromMilliseconds(1490)));
        Assert.That(await App.TakeErrorsAsync(), Engine.IsToldOfABrokenConnection());
    }

    /// <summary>Takes 2 s: the server goes on when the page reports that the timeout has passed.</summary>
    [Test]
    public async Task FromSse_TimeoutOfTheAttempt_EndsWithTheHeaders(CancellationToken hang)
    {
        var isOver = new TaskCompletionSource();
        await App.BeginAsync(
            async context =>
            {
                await context.SendAsync("data: before\n\n");
                await isOver.Task.WaitAsync(hang);
                await context.SendAsync("data: after\n\n");
                await context.UntilAbortedAsync();
            },
            "&attemptTimeout=2000");

        Assert.That(
            await App.NextAsync(4, hang),
            Is.EqualTo(new[] { "connecting", "open 200", "message before", "timeout is over" }));
        isOver.SetResult();
        Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { "message after" }));
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
    }

    /// <summary>The browser decodes the body, but keeps the <c>Content-Encoding</c> header.</summary>
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
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
    }

    [Test]
    public async Task Dispose_WhileReading_AbortsTheRequest(CancellationToken hang)
    {
        var silent = new SilentStream();
        await App.BeginAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await silent.StayAsync(context);
        });

        Assert.That(await App.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message a" }));
        Assert.That(silent.Aborted.IsCompleted, Is.False);
        await App.LeaveAsync();

        Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { "left" }));
        await AssertIsAbortedAsync(silent, hang);
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
    }

    /// <summary>
    /// A workaround for pages whose server sends no heartbeats. It works in all engines, including Firefox.
    /// </summary>
    [Test]
    public async Task Dispose_FetchHasItsOwnSignal_AbortsTheRequest(CancellationToken hang)
    {
        var silent = new SilentStream();
        await App.BeginAsync(
            async context =>
            {
                await context.SendAsync("data: a\n\n");
                await silent.StayAsync(context);
            },
            "&ownSignal=true");

        Assert.That(await App.NextAsync(3, hang), Is.EqualTo(new[] { "connecting", "open 200", "message a" }));
        Assert.That(silent.Aborted.IsCompleted, Is.False);
        await App.LeaveAsync();

        await silent.Aborted.WaitAsync(hang);
        Assert.That(await App.NextAsync(1, hang), Is.EqualTo(new[] { "left" }));
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
    }

    [Test]
    public async Task Post_WithASentinel_CompletesAndAbortsTheRest(CancellationToken hang)
    {
        var bodies = new ConcurrentQueue<string>();
        var silent = new SilentStream();
        await App.BeginAsync(
            async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                bodies.Enqueue($"{context.Request.Method} {await reader.ReadToEndAsync(hang)}");
                await context.SendAsync("data: Hel\n\ndata: lo\n\ndata: [DONE]\n\ndata: too late\n\n");
                await silent.StayAsync(context);
            },
            "&post=Hi");

        Assert.That(
            await App.NextAsync(5, hang),
            Is.EqualTo(new[] { "connecting", "open 200", "message Hel", "message lo", "completed" }));
        await AssertIsAbortedAsync(silent, hang);
        Assert.That(bodies, Is.EqualTo(new[] { "POST Hi" }));
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
    }

    /// <summary>
    /// Takes 6 s: the timeout runs in real time, and a browser on a busy machine must be able to show the event before
    /// it.
    /// </summary>
    [Test]
    public async Task IdleTimeout_ServerFallsSilent_ReconnectsAndAbortsTheRequest(CancellationToken hang)
    {
        int requests = 0;
        var silent = new SilentStream();
        await App.BeginAsync(
            async context =>
            {
                if (Interlocked.Increment(ref requests) > 1)
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }

                await context.SendAsync("retry: 100\ndata: a\n\n");
                await silent.StayAsync(context);
            },
            "&idleTimeout=5000");

        Assert.That(await App.NextAsync(6, hang), Is.EqualTo(new[]
        {
            "connecting", "open 200", "message a", "SseIdleTimeoutException, again in 100 ms", "connecting",
            "completed",
        }));
        await AssertIsAbortedAsync(silent, hang);
        Assert.That(await App.TakeErrorsAsync(), Is.Empty);
    }

    private async Task AssertIsAbortedAsync(SilentStream stream, CancellationToken hang)
    {
        if (!Engine.ClosesSilentStreams())
        {
            await Task.Delay(EngineDifferences.Watch, hang);
            Assert.That(stream.Aborted.IsCompleted, Is.False, "no longer differs from the other engines");
            stream.BeginHeartbeats();
        }

        await stream.Aborted.WaitAsync(hang);
    }
}
