using System.Net.Http.Json;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// better-sse on Node: data is JSON, <c>retry</c> comes first, and the application sets the IDs, which are not ASCII
/// here.
/// </summary>
[CancelAfter(300_000)]
internal sealed class BetterSseTests
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = Delivery.NewClient();

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        using var hang = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await BetterSseServer.InstallAsync(_folder, hang.Token);
    }

    [OneTimeTearDown]
    public void CleanUp()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    /// <summary>Takes 6 s or more: Node is started five times, and sends 20 MB each time.</summary>
    [Test]
    public async Task FromSse_ServerIsKilledAgainAndAgain_MissesNothing(CancellationToken hang)
    {
        const int Count = 100;
        int[] killAfter = [20, 1, 10, 5];
        using var client = new RecordedClient();
        using ServerProcess server = BetterSseServer.New(_folder).Start();
        List<string> published = [];
        await PublishAsync(Count - 10 * killAfter.Length);

        IList<SseSignal> signals = await Delivery.ReadAsync(
            Observable.FromSseSignals(client.Http, server.Url, SocketTests.Quick),
            Count,
            killAfter,
            () =>
            {
                server.Kill();
                server.Start();
                PublishAsync(10).Wait(hang);
            },
            hang);

        Delivery.AssertNothingLostOrDoubled(signals, published, data => JsonSerializer.Deserialize<string>(data)!);
        client.AssertPlays(signals, server.Url, SocketTests.Quick);

        async Task PublishAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                string text = Delivery.Text(published.Count);
                using HttpResponseMessage response = await _client.PostAsJsonAsync(
                    server.Url, new { id = $"№{published.Count}", type = Delivery.EventType, data = text }, hang);
                response.EnsureSuccessStatusCode();
                published.Add(text);
            }
        }
    }
}
