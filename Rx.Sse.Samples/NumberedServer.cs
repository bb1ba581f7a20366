using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Samples;

/// <summary>
/// A server that sends the same events to every client, numbered from 1, and resumes after the client's
/// <c>Last-Event-ID</c>. It cuts each connection except the last in the middle of an event.
/// </summary>
/// <param name="block">Returns the fields of an event except its ID, each with its line end.</param>
internal sealed class NumberedServer(Func<int, string> block) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private WebApplication? _app;
    private int _open;
    private int _connections;
    private int _mostAtOnce;

    /// <summary>The number of events. A client that has all of them gets status 204, which ends its stream.</summary>
    public int Count { get; init; } = int.MaxValue;

    /// <summary>The number of events that a connection sends before it is cut.</summary>
    public int EventsPerConnection { get; init; } = int.MaxValue;

    /// <summary>The reconnection time that the server sends.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns a task that delays an event.</summary>
    public required Func<int, CancellationToken, Task> Pace { get; init; }

    /// <summary>The number of connections so far.</summary>
    public int Connections => _connections;

    /// <summary>The largest number of connections that were open at the same time.</summary>
    public int MostAtOnce => _mostAtOnce;

    /// <summary>The address, after the start.</summary>
    public Uri Url => _app!.Address();

    public async Task StartAsync(CancellationToken cancellation)
    {
        _app = EmbeddedServer.CreateBuilder().Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (_lock)
        {
            _connections++;
            _mostAtOnce = Math.Max(_mostAtOnce, ++_open);
        }

        bool mustCut;
        try
        {
            mustCut = await SendAsync(context);
        }
        finally
        {
            lock (_lock)
                _open--;
        }

        // Only now, because the client may reconnect at once.
        if (mustCut)
            context.Abort();
    }

    /// <summary>Returns whether the connection must be cut afterwards.</summary>
    private async Task<bool> SendAsync(HttpContext context)
    {
        int last = int.TryParse(context.Request.Headers["Last-Event-ID"], CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;
        if (last >= Count)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return false;
        }

        context.Response.ContentType = "text/event-stream";
        await WriteAsync(context, string.Create(CultureInfo.InvariantCulture, $"retry: {Retry.TotalMilliseconds}\n\n"));
        for (int id = last + 1; id <= Count; id++)
        {
            await Pace(id, context.RequestAborted);
            string text = string.Create(CultureInfo.InvariantCulture, $"id: {id}\n{block(id)}\n");
            if (id - last > EventsPerConnection)
            {
                await WriteAsync(context, text[..(text.Length / 2)]);
                return true;
            }

            await WriteAsync(context, text);
        }

        return false;
    }

    private static async Task WriteAsync(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
