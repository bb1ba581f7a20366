using System.Net.Sockets;
using System.Reactive.Concurrency;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Rx.Sse.Samples;
using Rx.Sse.Samples.FanOut;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>How the relay serves its followers, over real sockets.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RelayServerTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OpenConnections _connections = new();
    private readonly HttpClient _client = new();
    private readonly HttpClient _upstreamClient = new();
    private readonly NumberedServer _upstream;
    private WebApplication? _server;

    public RelayServerTests() => _upstream = new NumberedServer(id => $"data: {id}{new string('x', 20_000)}\n")
    {
        Count = 2_000,
        Pace = (_, cancellation) => _go.Task.WaitAsync(cancellation),
    };

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        await _upstream.DisposeAsync();
        _client.Dispose();
        _upstreamClient.Dispose();
    }

    [Test]
    public async Task Silence_SendsComments(CancellationToken hang)
    {
        Uri events = await StartAsync(new FollowerLimits { Heartbeat = TimeSpan.FromMilliseconds(50) }, hang);
        using Stream stream = await _client.GetStreamAsync(events, hang);
        using var reader = new StreamReader(stream);

        Assert.That(await reader.ReadLineAsync(hang), Is.EqualTo(":"));
        Assert.That(await reader.ReadLineAsync(hang), Is.Empty);
        Assert.That(await reader.ReadLineAsync(hang), Is.EqualTo(":"));
        _go.SetResult();
        string? line = await reader.ReadLineAsync(hang);
        while (line is ":" or "")
            line = await reader.ReadLineAsync(hang);
        Assert.That(line, Does.StartWith("data: 1xx"), "events come as well");
    }

    [Test]
    public async Task FollowerThatDoesNotRead_IsDropped_TheOthersGetAll(CancellationToken hang)
    {
        Uri events = await StartAsync(new FollowerLimits { SendTimeout = TimeSpan.FromSeconds(5) }, hang);
        using var deaf = new TcpClient { ReceiveBufferSize = 4_096 };
        await deaf.ConnectAsync(events.Host, events.Port, hang);
        await deaf.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /events HTTP/1.1\r\nHost: relay\r\n\r\n"), hang);
        while (_connections.Count == 0)
            await Task.Delay(10, hang);
        using Stream stream = await _client.GetStreamAsync(events, hang);
        using var reader = new StreamReader(stream);
        _go.SetResult();

        int number = 0;
        while (number < 2_000)
        {
            if (await reader.ReadLineAsync(hang) is { } line && line.StartsWith("data: ", StringComparison.Ordinal))
                Assert.That(line, Does.StartWith($"data: {++number}x"));
        }

        while (_connections.Count > 1)
            await Task.Delay(10, hang);
    }

    [Test]
    public async Task Shutdown_EndsTheResponses(CancellationToken hang)
    {
        Uri events = await StartAsync(new FollowerLimits(), hang);
        using Stream stream = await _client.GetStreamAsync(events, hang);
        using var reader = new StreamReader(stream);

        Task stopping = _server!.StopAsync(hang);

        Assert.That(await reader.ReadToEndAsync(hang), Is.Empty, "it has an end, and is not cut off");
        await stopping;
    }

    private async Task<Uri> StartAsync(FollowerLimits limits, CancellationToken hang)
    {
        await _upstream.StartAsync(hang);
        var relay = new Relay(
            _upstreamClient,
            _upstream.Url,
            new SseOptions(),
            new MemoryLog(FanOutSample.DefaultHistory, Scheduler.Default),
            Scheduler.Default);
        _server = RelayServer.Create(relay, _connections, port: 0, limits);
        await _server.StartAsync(hang);
        return new Uri(_server.Address(), "events");
    }
}
