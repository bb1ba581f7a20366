using System.Globalization;
using System.Net.ServerSentEvents;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>ASP.NET Core's own API for event streams, <c>TypedResults.ServerSentEvents</c>, on Kestrel.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ServerSentEventsResultTests : IDisposable
{
    private const int Count = 100;

    private readonly int _port = ReservedPorts.Next();
    private readonly HttpClient _client = Delivery.NewClient();

    private static IEnumerable<string> Texts => Enumerable.Range(0, Count).Select(Delivery.Text);

    private string Url => $"http://127.0.0.1:{_port}";

    public void Dispose() => _client.Dispose();

    [Test]
    public async Task FromSse_ServerIsKilledAgainAndAgain_MissesNothing(CancellationToken hang)
    {
        using var client = new RecordedClient();
        SocketServer server = await StartAsync(sendsAtOnce: Count);

        IList<SseSignal> signals = await Delivery.ReadAsync(
            Observable.FromSseSignals(client.Http, Url, SocketTests.Quick),
            Count,
            [20, 1, 10, 5],
            () => KillAndStartAsync().Wait(hang),
            hang);

        await server.DisposeAsync();
        Delivery.AssertNothingLostOrDoubled(signals, Texts);
        client.AssertPlays(signals, Url, SocketTests.Quick);

        async Task KillAndStartAsync()
        {
            await server.DisposeAsync();
            server = await StartAsync(sendsAtOnce: Count);
        }
    }

    [Test]
    public async Task FromSse_ServerIsStoppedAndStarted_MissesNothing(CancellationToken hang)
    {
        const int AtOnce = Count / 4;
        using var readAll = new SemaphoreSlim(0);
        SocketServer server = await StartAsync(AtOnce);

        // This thread stops the server, because a graceful shutdown waits until clients have read what was sent.
        Task<IList<SseSignal>> reading = Delivery.ReadAsync(
            Observable.FromSseSignals(_client, Url, SocketTests.Quick),
            Count,
            [AtOnce, AtOnce, AtOnce],
            () => readAll.Release(),
            hang);
        for (int stops = 0; stops < 3; stops++)
        {
            await readAll.WaitAsync(hang);
            await server.StopAsync(hang);
            await server.DisposeAsync();
            server = await StartAsync(AtOnce);
        }

        Delivery.AssertNothingLostOrDoubled(await reading, Texts);
        await server.DisposeAsync();
    }

    private Task<SocketServer> StartAsync(int sendsAtOnce) => SocketServer.StartAsync(
        context =>
        {
            CancellationToken stopping =
                context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            return TypedResults.ServerSentEvents(Items(context.LastEventId(), sendsAtOnce, stopping))
                .ExecuteAsync(context);
        },
        port: _port);

    /// <summary>
    /// Returns up to <paramref name="count"/> items after that ID, and then waits until the client disconnects or the
    /// server stops.
    /// </summary>
    private static async IAsyncEnumerable<SseItem<string>> Items(
        string lastEventId,
        int count,
        CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken gone = default)
    {
        int first = lastEventId is ['№', .. string last] ? int.Parse(last, CultureInfo.InvariantCulture) + 1 : 0;
        for (int i = first; i < Math.Min(first + count, Count); i++)
            yield return new SseItem<string>(Delivery.Text(i), Delivery.EventType)
            {
                EventId = $"№{i}",
                ReconnectionInterval = TimeSpan.FromMilliseconds(10),
            };

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        await Task.Delay(Timeout.Infinite, either.Token).ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
