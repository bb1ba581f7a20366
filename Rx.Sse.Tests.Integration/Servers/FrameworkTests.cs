using System.Reactive.Linq;
using System.Text.Json;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Servers;

/// <summary>
/// Typical servers on frameworks for several languages: how they write events, what they do with Last-Event-ID, and how
/// their connections break.
/// </summary>
[CancelAfter(180_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class FrameworkTests
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = Delivery.NewClient();

    /// <summary>The installation of the npm packages, which the first Node server starts.</summary>
    private readonly Lazy<Task> _packages;

    public FrameworkTests() => _packages = new(() => FrameworkServer.InstallPackages.RunAsync(_folder.Path));

    /// <summary>Copies all scripts to a folder in which the packages can be installed.</summary>
    [OneTimeSetUp]
    public void CopyScripts()
    {
        string source = Repository.PathOf("Rx.Sse.Tests.Integration", "Servers", "Frameworks");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = _folder.PathOf(Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [OneTimeTearDown]
    public void CleanUp()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    /// <summary>Takes several seconds: the server is installed or built, and then started three times.</summary>
    [TestCaseSource(typeof(FrameworkServers), nameof(FrameworkServers.All))]
    public async Task FromSse_ServerIsKilledAgainAndAgain_MissesNothing(
        FrameworkServer framework, CancellationToken hang)
    {
        await (framework.Prepare?.RunAsync(_folder.Path) ?? _packages.Value);

        const int Count = 70;
        int[] killAfter = [5, 1];
        List<string> published = [];
        string file = _folder.PathOf($"{framework.Name}.events");
        Publish(Count - 10 * killAfter.Length);
        using ServerProcess server = framework.New(_folder, file).Start();
        SseOptions options = SocketTests.Quick with { LastEventId = framework.FirstLastEventId };

        IList<SseSignal> signals = await Delivery.ReadAsync(
            framework.EventsOfApplication(
                Observable.FromSseSignals(_client, framework.Request(server.Url), options)),
            Count,
            killAfter,
            () =>
            {
                server.Kill();
                Publish(10);
                server.Start();
            },
            hang);

        Delivery.AssertNothingLostOrDoubled(
            signals, published, framework.TextOf, framework.EventType, framework.FirstLastEventId);

        void Publish(int count)
        {
            for (int i = 0; i < count; i++)
            {
                string text = Delivery.Text(published.Count);
                var e = new { id = framework.IdOf(published.Count), type = Delivery.EventType, data = text };
                File.AppendAllText(file, $"{JsonSerializer.Serialize(e)}\n");
                published.Add(text);
            }
        }
    }
}
