using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;

namespace Rx.Sse.Samples.FanOut;

/// <summary>Writes events to one follower, and heartbeats while there are none.</summary>
internal sealed class FollowerResponse(HttpContext context, FollowerLimits limits) : IDisposable
{
    private static readonly ReadOnlyMemory<byte> Comment = ":\n\n"u8.ToArray();

    /// <summary>Cancels what is being sent, when that takes too long or the follower has left.</summary>
    private readonly CancellationTokenSource _sending =
        CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

    /// <summary>Writes events until the server stops, the follower leaves, or it is too slow.</summary>
    public async Task WriteAsync(IAsyncEnumerable<IReadOnlyList<SseItem<string>>> events, CancellationToken stopping)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";

        // The headers are sent now: upstream may be silent for long, and a browser shows whether it is connected.
        await context.Response.Body.FlushAsync(_sending.Token);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, _sending.Token);
        await using IAsyncEnumerator<IReadOnlyList<SseItem<string>>> reader = events.GetAsyncEnumerator(ended.Token);
        Task<bool> next = reader.MoveNextAsync().AsTask();
        try
        {
            while (await HasNextAsync(next))
            {
                await SseFormatter.WriteAsync(InTime(reader.Current), context.Response.Body, _sending.Token);
                next = reader.MoveNextAsync().AsTask();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // If the server stops, the response ends. Otherwise the follower has left or was too slow.
            if (_sending.IsCancellationRequested)
                context.Abort();
        }
        finally
        {
            // An enumerator may be disposed of only when it is at rest.
            await ended.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _sending.Dispose();

    private async Task<bool> HasNextAsync(Task<bool> next)
    {
        while (true)
        {
            await ((Task)next).WaitAsync(limits.Heartbeat).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompleted)
                return await next;
            _sending.CancelAfter(limits.SendTimeout);
            await context.Response.Body.WriteAsync(Comment, _sending.Token);
            _sending.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Each event has the same time: a long list over a slow line is no reason to drop a follower.</summary>
    private async IAsyncEnumerable<SseItem<string>> InTime(IReadOnlyList<SseItem<string>> events)
    {
        foreach (SseItem<string> item in events)
        {
            _sending.CancelAfter(limits.SendTimeout);
            yield return item;
        }

        _sending.CancelAfter(Timeout.InfiniteTimeSpan);
        await Task.CompletedTask;
    }
}
