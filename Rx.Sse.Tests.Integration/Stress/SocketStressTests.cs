using System.Net;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Stress;

namespace Rx.Sse.Tests.Integration.Stress;

/// <summary>The stress test over real sockets.</summary>
[CancelAfter(120_000)]
[ProcessWide("the library's meter and activities, unobserved exceptions of tasks, collections of garbage")]
internal sealed class SocketStressTests
{
    private const int Visitors = 800;

    /// <summary>A silent response ends after this time, so that every stream ends, even on slow machines.</summary>
    private static readonly TimeSpan LongestStall = TimeSpan.FromMilliseconds(100);

    [Test]
    public async Task FromSse_LeftAtEveryMomentFromManyThreads_LeavesNoSocket(
        [Values] bool http2, CancellationToken hang)
    {
        const int Seed = 3;
        int count = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            try
            {
                await AnswerAsync(context, Whim.Of(new Random(Seed + Interlocked.Increment(ref count))));
            }
            catch (OperationCanceledException)
            {
                // The client has disconnected.
            }
        });
        var sockets = new WatchedSockets();
        using var client = new HttpClient(
            new SocketsHttpHandler { ConnectCallback = sockets.ConnectAsync, EnableMultipleHttp2Connections = true })
        {
            DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,

            // Far more than a response takes, and far less than the time limit of the test, most of which the default
            // of 100 seconds would use up.
            Timeout = TimeSpan.FromSeconds(10),
        };
        using var telemetry = new TelemetryWatch();
        using var unobserved = new UnobservedExceptions();
        var crowd = new Crowd(
            client, http2 ? server.Http2Url : server.Url, idleTimeout: TimeSpan.FromSeconds(1), wave: 400);

        CrowdReport report = await crowd.VisitAsync(Seed, Visitors, hang);
        await server.Requests.ZeroAsync(hang);
        client.Dispose();
        await sockets.Open.ZeroAsync(hang);

        // Over HTTP/2, a stream is a request, and the only connection belongs to the client.
        if (!http2)
            await server.Connections.ZeroAsync(hang);

        int inMemory = await report.CountInMemoryAsync(hang);
        IReadOnlyCollection<Exception> unobservedExceptions = unobserved.Find();
        TestContext.Out.WriteLine($"Seed {Seed}: {report}");
        TestContext.Out.WriteLine(
            $"{server.Requests.Total} requests, {sockets.Open.Total} sockets, "
            + $"{crowd.Scheduler.Pending.Total} timers and actions, {crowd.Exceptions.Total} exceptions of observers.");
        Assert.Multiple(() =>
        {
            Assert.That(report.Faults, Is.Empty);
            Assert.That(crowd.Scheduler.Pending.Value, Is.Zero, "timers");
            Assert.That(crowd.Scheduler.Thrown, Has.All.TypeOf<ObserverException>());
            Assert.That(telemetry.ActiveConnections, Is.Zero, "active connections");
            Assert.That(telemetry.Activities.Value, Is.Zero, "activities");
            Assert.That(unobservedExceptions, Is.Empty);
            Assert.That(inMemory, Is.Zero, "subscriptions in memory");
        });
    }

    private static async Task AnswerAsync(HttpContext context, Whim whim)
    {
        if (whim.Answers)
        {
            context.Response.StatusCode = (int)whim.Status;
            if (whim.Status == HttpStatusCode.NoContent)
                return;
            foreach (string chunk in whim.Body)
            {
                if (chunk.Length == 0)
                    await Task.Yield();
                await context.SendAsync(chunk);
            }
        }

        if (whim.End == WhimEnd.Stall)
            await Task.WhenAny(context.UntilAbortedAsync(), Task.Delay(LongestStall));
        if (whim.End != WhimEnd.Close)
            context.Abort();
    }
}
