using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Servers that cannot be found, that redirect, or that stop and start again.</summary>
[CancelAfter(60_000)]
internal sealed class ServerTests
{
    /// <summary>
    /// Waits between attempts. Of many quick attempts to connect to a port without a listener, one may be assigned that
    /// port as its own local port.
    /// </summary>
    private static readonly SseOptions Unhurried = new()
    {
        Reconnection = SseReconnection.Default with { DelayGenerator = _ => new(TimeSpan.FromMilliseconds(20)) },
    };

    [Test]
    public async Task FromSse_NameThatDoesNotExist_FailsWithTheResolversError(CancellationToken hang)
    {
        using var client = new HttpClient();

        SignalLog log = await SignalLog.OfAsync(
            Observable.FromSseSignals(client, "http://nothing.invalid/", FaultStory.Never), hang);

        Assert.That(log.Error, Is.TypeOf<SseConnectionException>());
        Assert.That(
            log.Error!.InnerException,
            Is.TypeOf<HttpRequestException>().With.Property("HttpRequestError")
                .EqualTo(HttpRequestError.NameResolutionError));
        Assert.That(log.Error.GetBaseException(), Is.TypeOf<SocketException>());
    }

    [Test]
    public async Task FromSse_NoServer_FailsWithTheSocketError(CancellationToken hang)
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new HttpClient();

        SignalLog log = await SignalLog.OfAsync(
            Observable.FromSseSignals(client, $"http://{bound.LocalEndPoint}/", FaultStory.Never), hang);

        Assert.That(log.Error, Is.TypeOf<SseConnectionException>());
        Assert.That(
            log.Error!.InnerException,
            Is.TypeOf<HttpRequestException>().With.Property("HttpRequestError")
                .EqualTo(HttpRequestError.ConnectionError));
        Assert.That(LossReason.Of((SseException)log.Error), Is.EqualTo(LossReason.Refused));
    }

    [Test]
    public async Task FromSse_RedirectsInACircle_FailsWithTheLastOne(CancellationToken hang)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(context =>
        {
            context.Response.Redirect($"/{Interlocked.Increment(ref requests) % 2}");
            return Task.CompletedTask;
        });
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler);

        // A redirect that the client does not follow is not retried.
        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, server.Url, FaultStory.Quick), hang);

        Assert.That(
            log.Error,
            Is.TypeOf<SseResponseException>().With.Property("StatusCode").EqualTo(HttpStatusCode.Redirect));
        Assert.That(requests, Is.EqualTo(handler.MaxAutomaticRedirections + 1));
    }

    [Test]
    public async Task FromSse_CutAfterARedirect_BeginsAtTheFirstAddressAgain(CancellationToken hang)
    {
        var requests = new ConcurrentQueue<string>();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            requests.Enqueue($"{context.Request.Path} {context.LastEventId()}");
            if (context.Request.Path == "/")
                context.Response.Redirect("/events");
            else if (context.LastEventId() == "2")
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            else
                await context.SendAsync(
                    context.LastEventId() == "" ? "id: 1\ndata: a\n\nid: 2\n" : "id: 2\ndata: b\n\n");
        });
        using var client = new HttpClient();

        SignalLog log = await SignalLog.OfAsync(Observable.FromSseSignals(client, server.Url, FaultStory.Quick), hang);

        Assert.That(log.Data, Is.EqualTo(new[] { "a", "b" }));
        Assert.That(requests, Is.EqualTo(new[] { "/ ", "/events ", "/ 1", "/events 1", "/ 2", "/events 2" }));
    }

    [Test]
    public async Task FromSse_EndsRightAfterTheHeaders_IsNoRecovery([Values] bool http2, CancellationToken hang)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("");
            if (Interlocked.Increment(ref requests) == 5)
                await context.SendAsync("data: a\n\n");
        });
        using HttpClient client = StreamClient.Create();

        IList<int> attempts = await Observable
            .FromSseSignals(client, StreamClient.Get(server.UrlFor(http2), http2), FaultStory.Quick)
            .OfType<SseDisconnected>().Select(disconnected => disconnected.Attempt).Take(6).ToList().ToTask(hang);

        Assert.That(attempts, Is.EqualTo(new[] { 1, 2, 3, 4, 1, 2 }));
    }

    [Test]
    public async Task FromSse_ServerGoesAndComesBack_Resumes(CancellationToken hang)
    {
        const int Restarts = 3;
        const int EventsBetween = 20;
        var log = new ReplayLog(seed: 1) { Pause = TimeSpan.FromMilliseconds(1) };
        var sequence = new SequenceChecker();
        var received = new BehaviorSubject<long>(0);
        var losses = new Subject<string>();
        int port = ReservedPorts.Next();
        SocketServer server = await SocketServer.StartAsync(log.AnswerAsync, port: port);
        using var client = new HttpClient();
        using IDisposable subscription = Observable.FromSseSignals(client, server.Url, Unhurried).Subscribe(signal =>
        {
            if (signal is SseDisconnected lost)
                losses.OnNext(LossReason.Of(lost.Reason));
            if (signal is not SseEvent e)
                return;
            sequence.Add(e);
            received.OnNext(sequence.Received);
        });

        for (int restart = 1; restart <= Restarts; restart++)
        {
            await received.FirstAsync(count => count >= restart * EventsBetween).ToTask(hang);
            Task refused = losses.FirstAsync(reason => reason == LossReason.Refused).ToTask(hang);
            await server.DisposeAsync();
            await refused;
            server = await SocketServer.StartAsync(log.AnswerAsync, port: port);
        }

        await received.FirstAsync(count => count >= (Restarts + 1) * EventsBetween).ToTask(hang);
        subscription.Dispose();
        await server.DisposeAsync();
        Assert.That(sequence.IsFlawless, $"{sequence}");
    }
}
