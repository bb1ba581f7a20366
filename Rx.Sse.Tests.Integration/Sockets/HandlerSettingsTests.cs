using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>How settings of .NET's own handler affect streams, as described in docs/clients.md.</summary>
[CancelAfter(60_000)]
internal sealed class HandlerSettingsTests
{
    private const int MaxStreamsOfKestrel = 100;

    private static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    [TestCase(true, MaxStreamsOfKestrel)]
    [TestCase(false, 2)]
    public async Task StreamsOfAConnection_OneTooMany_WaitsUntilTheClientsTimeout(
        bool http2, int limit, CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
        });
        using var handler = new SocketsHttpHandler();
        if (!http2)
            handler.MaxConnectionsPerServer = limit;
        using var patient = new HttpClient(handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        using var impatient = new HttpClient(handler, disposeHandler: false) { Timeout = TimeSpan.FromSeconds(1) };
        SseRequest request = StreamClient.Get(server.UrlFor(http2), http2);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;

        using IDisposable streams = Observable.Range(0, limit)
            .SelectMany(_ => Observable.FromSse(patient, request))
            .Subscribe(_ =>
            {
                if (++count == limit)
                    all.SetResult();
            });
        await all.Task.WaitAsync(hang);
        Notification<SseEvent> end = await Observable.FromSse(impatient, request, Never).Materialize().ToTask(hang);

        Assert.That(end.Exception, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<TimeoutException>());
        Assert.That(end.Exception!.Message, Does.Contain(http2 ? "SETTINGS_MAX_CONCURRENT_STREAMS" : "Timeout"));
        Assert.That(server.Connections.Total, Is.EqualTo(http2 ? 1 : limit));
    }

    /// <summary>The stream lasts 3 s, because the handler checks for old connections once a second.</summary>
    [Test]
    public async Task PooledConnectionTimes_OpenStream_OutlivesThem(CancellationToken hang)
    {
        var goOn = new TaskCompletionSource();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await goOn.Task;
            await context.SendAsync("data: b\n\n");
        });
        using var client = new HttpClient(new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMilliseconds(100),
            PooledConnectionIdleTimeout = TimeSpan.FromMilliseconds(100),
        });

        IList<string> received = await Observable.FromSse(client, server.Url, Never)
            .Do(_ => Observable.Timer(TimeSpan.FromSeconds(3)).Subscribe(_ => goOn.TrySetResult()))
            .Select(e => e.Data).ToList().ToTask(hang);

        Assert.That(received, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(server.Connections.Total, Is.EqualTo(1));
    }

    [Test]
    public async Task ConnectTimeout_HostThatDoesNotAnswer_FailsWithThatTimeout(CancellationToken hang)
    {
        using HttpClient client = NewUnconnectableClient();

        Notification<SseEvent> end =
            await Observable.FromSse(client, "http://localhost:1/", Never).Materialize().ToTask(hang);

        Assert.That(
            end.Exception,
            Is.TypeOf<SseConnectionException>()
                .With.Message.Contains("ConnectTimeout")
                .And.Message.Not.Contains("HttpClient.Timeout")
                .And.InnerException.TypeOf<TimeoutException>());
    }

    /// <summary>The connection was not established, so the server has not received the request.</summary>
    [TestCase(SseResend.Never, 1)]
    [TestCase(SseResend.WhenRefused, 3)]
    public async Task ConnectTimeout_Post_CountsAsRefused(SseResend resend, int attempts, CancellationToken hang)
    {
        using HttpClient client = NewUnconnectableClient();
        int made = 0;
        SseRequest request = SseRequest.Post("http://localhost:1/", () =>
        {
            made++;
            return new StringContent("");
        });
        var options = new SseOptions
        {
            Resend = resend,
            Reconnection = SseReconnection.Default with { Delay = TimeSpan.Zero, MaxRetryAttempts = 2 },
        };

        await Observable.FromSse(client, request, options).Materialize().ToTask(hang);

        Assert.That(made, Is.EqualTo(attempts));
    }

    private static HttpClient NewUnconnectableClient() => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(100),
        ConnectCallback = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return Stream.Null;
        },
    });
}
