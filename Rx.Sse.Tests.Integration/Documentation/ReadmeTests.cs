using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Polly;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>The tour of the README, run on a real server.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReadmeTests
{
    private const int Prices = 50;

    private readonly TaskCompletionSource<string> _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _prices = [];
    private readonly List<string> _statuses = [];

    private string Price
    {
        set
        {
            _prices.Enqueue(value);
            if (value == $"{Prices}")
                _shown.TrySetResult(value);
        }
    }

    private string Status
    {
        get => _statuses.LastOrDefault("");
        set
        {
            _statuses.Add(value);
            if (_statuses.Count(status => status == "connected") == 2)
                _reconnected.TrySetResult();
        }
    }

    [Test]
    public async Task Filter_ShowsTheNewest(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync(
            "data: other\n\n"
            + string.Concat(Enumerable.Range(1, Prices).Select(price => $"event: price\ndata: {price}\n\n")));
        using var client = new HttpClient();
        string url = server.Url;
        var synchronizationContext = new InlineContext();

        using IDisposable subscription =
            Observable.FromSse(client, url)
                .Where(e => e.EventType == "price")
                .Sample(TimeSpan.FromMilliseconds(250))
                .ObserveOn(synchronizationContext)
                .Subscribe(e => Price = e.Data);

        await _shown.Task.WaitAsync(hang);

        // They come all at once, but between any two of them the time for one may be over.
        Assert.That(_prices, Has.Count.LessThan(Prices).And.None.EqualTo("other"));
    }

    [Test]
    public async Task Json_IsReadFromTheBytes(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync("data: {\"Symbol\":\"ACME\",\ndata: \"Price\":99.5}\n\n");
        using var client = new HttpClient();
        string url = server.Url;

        IObservable<Tick?> ticks = Observable.FromSse(
            client, url, e => JsonSerializer.Deserialize(e.Data, TickJson.Default.Tick));

        Assert.That(await ticks.FirstAsync().ToTask(hang), Is.EqualTo(new Tick("ACME", 99.5m)));
    }

    [TestCase("data: Hello\n\ndata: [DONE]\n\n", "Hello")]
    [TestCase("data: cut o", "The server ended the response after 11 bytes without an event.")]
    public async Task Answer_OfAnLlm_IsShownOrItsEnd(string response, string shown, CancellationToken hang)
    {
        List<string> requests = [];
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            requests.Add(
                $"{context.Request.Method} {context.Request.Path} {context.Request.Headers.Authorization} "
                + $"{await reader.ReadToEndAsync(hang)}");
            await context.SendAsync(response);
        });
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        const string key = "secret";
        var prompt = new { model = "any" };

        var request = SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
            Content = JsonContent.Create(prompt),
        });

        IDisposable answer = Observable
            .FromSse(client, request, new SseOptions { EndOfStream = SseEndOfStream.Fail })
            .TakeWhile(e => e.Data != "[DONE]")
            .Subscribe(e => Show(e.Data), error => Show(error.Message));

        Assert.That(await _shown.Task.WaitAsync(hang), Does.StartWith(shown));
        answer.Dispose();
        Assert.That(requests, Is.EqualTo(new[] { "POST /v1/chat/completions Bearer secret {\"model\":\"any\"}" }));
    }

    [Test]
    public async Task Resume_StartsAfterTheIdThatWasKept(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync($"id: 8\ndata: after {context.LastEventId()}\n\n");
            await context.UntilAbortedAsync();
        });
        using var client = new HttpClient();
        string url = server.Url;
        var database = new Database();

        using IDisposable subscription =
            Observable.FromSse(client, url, new SseOptions { LastEventId = database.LastEventId })
                .Subscribe(e => database.Save(e.Data, e.LastEventId));

        Assert.That(await database.Saved.Task.WaitAsync(hang), Is.EqualTo("after 7"));
        Assert.That(database.LastEventId, Is.EqualTo("8"));
    }

    [Test]
    public async Task Signals_MakeAStatusLine(CancellationToken hang)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("retry: 100\n\n");
            if (++requests == 2)
                await context.UntilAbortedAsync();
        });
        using var client = new HttpClient();
        string url = server.Url;

        using IDisposable subscription =
            Observable.FromSseSignals(client, url).Subscribe(signal => Status = signal switch
            {
                SseConnecting => "connecting",
                SseOpened => "connected",
                SseDisconnected d => $"reconnecting in {d.Delay}, attempt {d.Attempt}, because {d.Reason.Message}",
                _ => Status,
            });
        await _reconnected.Task.WaitAsync(hang);

        Assert.That(
            _statuses,
            Has.Some.Match(
                "^reconnecting in 00:00:00.1.*, attempt 1, because The server ended the response after 12 bytes"));
        Assert.That(_statuses.Take(2), Is.EqualTo(new[] { "connecting", "connected" }));
    }

    [Test]
    public async Task Bytes_AndResponses_AreParsed()
    {
        using var chunks = new Subject<ReadOnlyMemory<byte>>();
        using var response =
            new HttpResponseMessage { Content = new StringContent("data: b\n\n", Encoding.UTF8, "text/event-stream") };
        List<string> received = [];

        IObservable<SseEvent> fromChunks = chunks.ParseSse();               // IObservable<ReadOnlyMemory<byte>>
        IObservable<SseEvent> fromResponse = response.ToSseObservable();    // or stream.ToSseObservable()

        fromChunks.Subscribe(e => received.Add(e.Data));
        chunks.OnNext("data: a\n\n"u8.ToArray());
        received.Add((await fromResponse).Data);
        Assert.That(received, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task Options_OfOnesOwn_AreTaken(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync("id: é\ndata: a\n\n");

        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                MaxRetryAttempts = 10,
                // Until the headers have come.
                ConfigureAttempt = builder => builder.AddTimeout(TimeSpan.FromSeconds(5)),
            },
        };

        var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });

        Assert.That(
            (await Observable.FromSse(client, server.Url, options).FirstAsync().ToTask(hang)).Id, Is.EqualTo("é"));
        client.Dispose();
    }

    private static Task<SocketServer> ServeAsync(string stream) => SocketServer.StartAsync(async context =>
    {
        await context.SendAsync(stream);
        await context.UntilAbortedAsync();
    });

    private void Show(string text) => _shown.TrySetResult(text);

    /// <summary>One after the other, as that of a window.</summary>
    private sealed class InlineContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => d(state);
    }

    private sealed class Database
    {
        public string LastEventId { get; private set; } = "7";

        public TaskCompletionSource<string> Saved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Save(string data, string lastEventId)
        {
            LastEventId = lastEventId;
            Saved.SetResult(data);
        }
    }
}
