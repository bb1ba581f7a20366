using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>A response that stays open and silent until heartbeats begin or the client disconnects.</summary>
internal sealed class SilentStream
{
    private static readonly TimeSpan BetweenHeartbeats = TimeSpan.FromMilliseconds(50);

    private readonly TaskCompletionSource _aborted = new();
    private readonly TaskCompletionSource _heartbeats = new();

    /// <summary>Completes when the client has disconnected.</summary>
    public Task Aborted => _aborted.Task;

    public void BeginHeartbeats() => _heartbeats.TrySetResult();

    /// <summary>Keeps the response open until the client disconnects.</summary>
    public async Task StayAsync(HttpContext context)
    {
        using CancellationTokenRegistration registration =
            context.RequestAborted.Register(() => _aborted.TrySetResult());
        await Task.WhenAny(Aborted, _heartbeats.Task);
        try
        {
            while (!Aborted.IsCompleted)
            {
                await context.SendAsync(":\n\n");
                await Task.Delay(BetweenHeartbeats);
            }
        }
        catch (OperationCanceledException)
        {
            // The client has disconnected during a heartbeat.
        }
    }
}
