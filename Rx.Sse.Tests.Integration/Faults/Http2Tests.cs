using System.Collections.Concurrent;
using System.Reactive.Linq;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Streams that share an HTTP/2 connection.</summary>
[CancelAfter(60_000)]
internal sealed class Http2Tests
{
    private const int InternalError = 0x2;

    private readonly ConcurrentQueue<string> _connections = new();

    [SetUp]
    public void Forget() => _connections.Clear();

    [Test]
    public async Task FromSse_ServerResetsOneStream_ResumesItAndLeavesTheOtherAlone(CancellationToken hang)
    {
        var isReset = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isReceived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SocketServer server = await StartAsync(async context =>
        {
            await context.SendAsync("id: 1\ndata: a\n\n");
            if (context.Request.Path == "/reset")
            {
                await isReceived.Task.WaitAsync(hang);
                context.Features.GetRequiredFeature<IHttpResetFeature>().Reset(InternalError);
                return;
            }

            await isReset.Task.WaitAsync(hang);
            await context.SendAsync("id: 2\ndata: b\n\n");
        });
        using HttpClient client = StreamClient.Create();

        Task<SignalLog> calm = SignalLog.OfAsync(
            Observable.FromSseSignals(client, Get(server, "/"), FaultStory.Quick), hang);
        IObservable<SseSignal> signals = Observable.FromSseSignals(client, Get(server, "/reset"), FaultStory.Quick);
        IObservable<SseSignal> stream = signals.Do(signal =>
        {
            if (signal is SseEvent { Data: "a" })
                isReceived.TrySetResult();
            if (signal is SseDisconnected)
                isReset.TrySetResult();
        });
        SignalLog reset = await SignalLog.OfAsync(stream, hang);

        Assert.That(reset.Data, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(reset.Losses, Is.EqualTo(new[] { nameof(HttpRequestError.HttpProtocolError), LossReason.End }));
        Assert.That((await calm).Data, Is.EqualTo(new[] { "a", "b" }));
        Assert.That((await calm).Losses, Is.EqualTo(new[] { LossReason.End }));
        Assert.That(_connections.Distinct().Count(), Is.EqualTo(1));
    }

    /// <summary>
    /// What a server does before it stops: GOAWAY lets the open streams continue, and makes new ones use another
    /// connection.
    /// </summary>
    [Test]
    public async Task FromSse_ServerSendsGoAway_EndsCleanlyAndReconnects(CancellationToken hang)
    {
        await using SocketServer server = await StartAsync(async context =>
        {
            context.Features.GetRequiredFeature<IConnectionLifetimeNotificationFeature>().RequestClose();
            await context.SendAsync("id: 1\ndata: a\n\n");
        });
        using HttpClient client = StreamClient.Create();

        SignalLog log = await SignalLog.OfAsync(
            Observable.FromSseSignals(client, Get(server, "/"), FaultStory.Quick), hang);

        Assert.That(log.Data, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(log.Losses, Is.EqualTo(new[] { LossReason.End, LossReason.End }));
        Assert.That(_connections.Distinct().Count(), Is.GreaterThan(1));
    }

    private static SseRequest Get(SocketServer server, string path) =>
        StreamClient.Get(new Uri(server.UrlFor(http2: true), path), http2: true);

    /// <summary>
    /// Starts a server that answers the first request of a stream as given, the second one with the next event, and the
    /// third one with 204.
    /// </summary>
    private Task<SocketServer> StartAsync(RequestDelegate first) => SocketServer.StartAsync(async context =>
    {
        _connections.Enqueue(context.Connection.Id);
        switch (context.LastEventId())
        {
            case "":
                await first(context);
                break;
            case "1":
                await context.SendAsync("id: 2\ndata: b\n\n");
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
        }
    });
}
