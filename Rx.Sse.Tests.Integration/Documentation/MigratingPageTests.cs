using System.Net.ServerSentEvents;
using System.Reactive.Linq;
using System.Text;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>
/// The examples of docs/migrating.md: the code before and after must give the same result for the same bytes.
/// </summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class MigratingPageTests
{
    private const string Bytes = "event: greeting\ndata: hello\n\ndata: world\n\n";

    private readonly List<string> _handled = [];
    private readonly TaskCompletionSource _sixHandled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task Loop_AndFromSse_HandleTheSame(CancellationToken cancellation)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            if (++requests % 2 == 0)
                context.Response.StatusCode = 204;
            else
                await context.SendAsync($"retry: 100\n{Bytes}");
        });
        using var client = new HttpClient();
        string url = server.Url;

        await LoopAsync();
        requests = 0;
        await WaitingAsync();
        Assert.That(requests, Is.EqualTo(2), "it has come back, and was told that there is no more");
        requests = 0;
        List<Exception> failures = [];
        using (Subscribed(failures.Add))
            await _sixHandled.Task.WaitAsync(cancellation);

        Assert.That(failures, Is.Empty);
        Assert.That(_handled, Is.EqualTo(new[] { "hello", "world", "hello", "world", "hello", "world" }));

        async Task LoopAsync()
        {
            using HttpResponseMessage response = await client.GetAsync(
                url, HttpCompletionOption.ResponseHeadersRead, cancellation);
            response.EnsureSuccessStatusCode();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
            while (await reader.ReadLineAsync(cancellation) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    Handle(line["data: ".Length..]);
            }
        }

        async Task WaitingAsync()
        {
            await Observable.FromSse(client, url).ForEachAsync(e => Handle(e.Data), cancellation);
        }

        IDisposable Subscribed(Action<Exception> Report)
        {
            IDisposable subscription = Observable.FromSse(client, url)
                .Subscribe(e => Handle(e.Data), error => Report(error));
            return subscription;
        }
    }

    [Test]
    public async Task Never_KeepsToOneConnection(CancellationToken cancellation)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(context =>
        {
            requests++;
            return context.SendAsync(Bytes);
        });
        using var client = new HttpClient();

        var options = new SseOptions { Reconnection = SseReconnection.Never };

        await Observable.FromSse(client, server.Url, options).ForEachAsync(e => Handle(e.Data), cancellation);
        Assert.That(_handled, Is.EqualTo(new[] { "hello", "world" }));
        Assert.That(requests, Is.EqualTo(1));
    }

    [Test]
    public async Task Parser_AndToSseObservable_HandleTheSame(CancellationToken cancellation)
    {
        using (MemoryStream stream = Open())
        {
            await foreach (SseItem<string> item in SseParser.Create(stream).EnumerateAsync(cancellation))
                Handle(item.EventType, item.Data);
        }

        using (MemoryStream stream = Open())
        {
            await stream.ToSseObservable().ForEachAsync(e => Handle(e.EventType, e.Data), cancellation);
        }

        Assert.That(
            _handled, Is.EqualTo(new[] { "greeting hello", "message world", "greeting hello", "message world" }));
    }

    [Test]
    public async Task CustomParser_AndSelector_HandleTheSame(CancellationToken cancellation)
    {
        using (MemoryStream stream = Open())
        {
            SseParser<int> parser = SseParser.Create(stream, (eventType, data) => data.Length);
            await foreach (SseItem<int> item in parser.EnumerateAsync(cancellation))
                Handle(item.Data);
        }

        await using SocketServer server = await SocketServer.StartAsync(context => context.SendAsync(Bytes));
        using var client = new HttpClient();
        string url = server.Url;
        var options = new SseOptions { Reconnection = SseReconnection.Never };
        await Observable.FromSse(client, url, e => e.Data.Length, options).ForEachAsync(Handle, cancellation);

        Assert.That(_handled, Is.EqualTo(new[] { "5", "5", "5", "5" }));
    }

    private static MemoryStream Open() => new(Encoding.UTF8.GetBytes(Bytes));

    private void Handle(string data)
    {
        _handled.Add(data);
        if (_handled.Count == 6)
            _sixHandled.SetResult();
    }

    private void Handle(int length) => _handled.Add($"{length}");

    private void Handle(string eventType, string data) => _handled.Add($"{eventType} {data}");
}
