using System.Collections.Concurrent;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Reliability;
using Rx.Sse.Tests.Reliability.Proxy;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>
/// A few numbered events through a proxy with known faults, one for each of the first connections. Every event and
/// every fault waits until the client has received all events before it, and the client's time advances only while a
/// connection is stalled. So what arrives depends neither on the network nor on the machine's speed.
/// </summary>
internal sealed class FaultStory
{
    /// <summary>The number of events that the server has.</summary>
    public const int Events = 6;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly ConcurrentQueue<string> _lastEventIds = new();
    private readonly BehaviorSubject<int> _requests = new(0);
    private readonly BehaviorSubject<int> _received = new(0);
    private readonly ImpatientScheduler _time = new();
    private readonly bool _http2;

    /// <summary>Held while time advances, so that it does not advance after the client has recovered.</summary>
    private readonly Lock _passing = new();

    /// <summary>
    /// The number of connections that the client has given up; over HTTP/2, where the next request may use the same
    /// connection, the number of responses that it has opened.
    /// </summary>
    private int _ways;

    private FaultStory(bool http2) => _http2 = http2;

    public static SseOptions Never { get; } = new() { Reconnection = SseReconnection.Never };

    /// <summary>Reconnects after the shortest delay, which takes no time in these tests.</summary>
    public static SseOptions Quick { get; } = QuickWith(_ => { });

    /// <summary>The faults that the proxy has injected, and where.</summary>
    public Tally<(FaultKind Kind, FaultPlace Place)> Injected { get; } = new();

    /// <summary>The last event IDs of the requests that reached the server.</summary>
    public IEnumerable<string> LastEventIds => _lastEventIds;

    /// <summary>The signals that the client has received.</summary>
    public SignalLog Seen { get; } = new();

    /// <summary>The IDs of the first events, by default of all.</summary>
    public static IEnumerable<string> FirstIds(int count = Events) =>
        Enumerable.Range(1, count).Select(number => $"{number}");

    /// <summary>The same as <see cref="Quick"/>, with resilience strategies around each attempt.</summary>
    public static SseOptions QuickWith(Action<ResiliencePipelineBuilder<HttpResponseMessage>> strategies) => new()
    {
        Reconnection = SseReconnection.Default with
        {
            DelayGenerator = _ => new(TimeSpan.Zero),
            ConfigureAttempt = strategies,
        },
    };

    public static Task<FaultStory> RunAsync(
        bool http2, SseOptions options, CancellationToken hang, params IEnumerable<Fault> faults) =>
        RunAsync(StreamClient.Create(), http2, options, hang, faults);

    /// <summary>Subscribes and waits for the end of the stream. Disposes of the client.</summary>
    public static async Task<FaultStory> RunAsync(
        HttpClient client, bool http2, SseOptions options, CancellationToken hang, params IEnumerable<Fault> faults)
    {
        var story = new FaultStory(http2);
        await using SocketServer server = await SocketServer.StartAsync(story.AnswerAsync);
        FaultPlan plan = FaultPlans.InOrder([.. story.WhenReceived(faults)]);
        await using var proxy = new FaultProxy(server.UrlFor(http2), plan, http2) { Injected = story.Injected };
        using (client)
        using (Observable
            .FromSseSignals(client, StreamClient.Get(proxy.Url, http2), options, story._time)
            .Do(signal => story.OnSignal(signal, proxy))
            .Subscribe(story.Seen))
            await story.Seen.End.WaitAsync(hang);
        return story;
    }

    private static Task<int> UntilThereAre(int count, IObservable<int> counted) =>
        counted.FirstAsync(current => current >= count).ToTask();

    private IEnumerable<Fault> WhenReceived(IEnumerable<Fault> faults)
    {
        int events = 0, connections = 0;
        foreach (Fault fault in faults)
        {
            int before = events += fault.AfterEvents, requests = ++connections;
            yield return fault with
            {
                // Over HTTP/2, a server sends bytes before the first request.
                When = () => Task.WhenAll(UntilThereAre(requests, _requests), UntilThereAre(before, _received)),
                Then = fault.Kind == FaultKind.Stall ? () => _ = PassTimeAsync() : null,
            };
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _lastEventIds.Enqueue(context.LastEventId());
        _requests.OnNext(_requests.Value + 1);
        int last = int.TryParse(context.LastEventId(), out int id) ? id : 0;

        // Also ends a stream that has resumed at the wrong place: the events received show the error.
        if (last == Events || last != _received.Value)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        for (; last < Events; last++)
        {
            await UntilThereAre(last, _received).WaitAsync(context.RequestAborted);
            await context.SendAsync(ReplayLog.BlockOf(last + 1));
        }
    }

    /// <summary>Advances time until the client has recovered.</summary>
    private async Task PassTimeAsync()
    {
        for (int before = _ways; PassAMinute(before);)
            await Task.Delay(Pace);
    }

    private bool PassAMinute(int before)
    {
        lock (_passing)
        {
            if (_ways != before || Seen.End.IsCompleted)
                return false;
            _time.AdvanceBy(TimeSpan.FromMinutes(1).Ticks);
            return true;
        }
    }

    private void OnSignal(SseSignal signal, FaultProxy proxy)
    {
        if (_http2 ? signal is SseOpened : signal is SseDisconnected)
        {
            lock (_passing)
                _ways++;
        }

        if (signal is SseEvent)
            _received.OnNext(_received.Value + 1);
        else if (signal is SseDisconnected lost && LossReason.Of(lost.Reason) == LossReason.Refused)
            _ = proxy.ListenAsync();
    }
}
