using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Samples.QuickStart;

/// <summary>
/// A server of numbered events that resumes after the client's <c>Last-Event-ID</c>. It fails once: it cuts the
/// connection inside an event, goes down, and comes back on the same port.
/// </summary>
internal sealed class PriceServer(Log log) : IAsyncDisposable
{
    public const int EventCount = 20;

    /// <summary>The event inside which the connection is cut.</summary>
    public const int CutAt = 8;

    /// <summary>The reconnection time that the server sends.</summary>
    public static readonly TimeSpan ReconnectionTime = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan BetweenEvents = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Downtime = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<Uri> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;
    private int _connections;

    /// <summary>The address, as soon as the server listens.</summary>
    public Task<Uri> Url => _url.Task;

    public int Connections => _connections;

    /// <summary>Runs until a client has received the last event.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await StartAsync(port: 0, cancellation);
            Uri url = _app!.Address();
            log.Write("server", $"listens on {url}");
            _url.SetResult(url);

            await _cut.Task.WaitAsync(cancellation);
            await _app!.DisposeAsync();
            log.Write("server", $"is down for {Downtime.TotalSeconds:0} s");
            await Task.Delay(Downtime, cancellation);

            await StartAsync(url.Port, cancellation);
            log.Write("server", "is back");
            await _done.Task.WaitAsync(cancellation);
        }
        catch (Exception exception)
        {
            _url.TrySetException(exception);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task StartAsync(int port, CancellationToken cancellation)
    {
        _app = EmbeddedServer.CreateBuilder(port).Build();
        _app.Run(SendAsync);
        await _app.StartAsync(cancellation);
    }

    private async Task SendAsync(HttpContext context)
    {
        Interlocked.Increment(ref _connections);
        int last = int.TryParse(
            context.Request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out int id) ? id : 0;
        log.Write("server", last == 0 ? "got a request" : $"got a request to resume after #{last}");

        context.Response.ContentType = "text/event-stream";
        log.Write("server", $"asks clients to wait {ReconnectionTime.TotalSeconds} s before a retry");
        await WriteAsync(context, $"retry: {ReconnectionTime.TotalMilliseconds}\n\n");
        for (id = last + 1; id <= EventCount; id++)
        {
            await Task.Delay(BetweenEvents, context.RequestAborted);
            string block =
                $"event: {(id == EventCount ? "done" : "price")}\nid: {id}\ndata: ACME {100 + id % 7}.{id % 10}0\n\n";
            if (id == CutAt && !_cut.Task.IsCompleted)
            {
                await WriteAsync(context, block[..^6]);
                await Task.Delay(BetweenEvents, context.RequestAborted);
                log.Write("server", $"cuts the connection inside #{id}");
                context.Abort();
                _cut.SetResult();
                return;
            }

            await WriteAsync(context, block);
        }

        _done.TrySetResult();
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
