using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Samples.Tail;

namespace Rx.Sse.Samples;

/// <summary>
/// A server of events numbered from 1, the same ones for every client, that resumes after the ID a client names. Each
/// connection but the last is cut in the middle of an event.
/// </summary>
/// <param name="block">The fields of an event but its ID, each with its line end.</param>
internal sealed class NumberedServer(Func<int, string> block) : IDemoServer
{
    private readonly Lock _lock = new();
    private WebApplication? _app;
    private int _open;
    private int _connections;
    private int _mostAtOnce;

    /// <summary>How many there are. A client that has them all is told not to come back.</summary>
    public int Count { get; init; } = int.MaxValue;

    /// <summary>How many events a connection brings before it is cut.</summary>
    public int EventsPerConnection { get; init; } = int.MaxValue;

    /// <summary>How long a client is to wait before it comes back.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>What an event waits for before it is sent.</summary>
    public required Func<int, CancellationToken, Task> Pace { get; init; }

    /// <summary>How many connections there have been.</summary>
    public int Connections => _connections;

    /// <summary>How many of them at the same time.</summary>
    public int MostAtOnce => _mostAtOnce;

    /// <summary>Where it listens, once it has been started.</summary>
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

        bool isToBeCut;
        try
        {
            isToBeCut = await SendAsync(context);
        }
        finally
        {
            lock (_lock)
                _open--;
        }

        // Not before, for the client may be back at once.
        if (isToBeCut)
            context.Abort();
    }

    /// <summary>Returns whether the connection is to be cut then.</summary>
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
