using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text.Json;

namespace Rx.Sse.Tests.Integration.Published;

/// <summary>Streams over a real socket.</summary>
internal static class StreamChecks
{
    private static readonly SseOptions Quick =
        new() { Reconnection = SseReconnection.Default with { Delay = TimeSpan.Zero, UseJitter = false } };

    /// <summary>The first connection breaks in the middle of an event. The second one delivers the rest.</summary>
    public static async Task TypedJsonAcrossADrop()
    {
        using var server = new LoopbackServer(
            new Answer(
                "retry: 1\n\nid: 1\ndata: {\"symbol\":\"A\",\"price\":1.5}\n\nid: 2\ndata: {\"sym", Ending.Break),
            new Answer("id: 2\ndata: {\"symbol\":\"B\",\ndata: \"price\":2}\n\n", Ending.Silence));
        using var client = new HttpClient();

        IList<Tick?> ticks = await Observable
            .FromSse(client, server.Url, e => JsonSerializer.Deserialize(e.Data, Json.Default.Tick))
            .Take(2).ToList().ToTask();

        Expect.Equal(ticks, new Tick("A", 1.5m), new Tick("B", 2));
        Expect.Equal((await server.RequestsAsync()).Select(LastEventId), "", "1");
    }

    public static async Task EverySignal()
    {
        using var server = new LoopbackServer(
            new Answer(": hello\nid: é\nevent: greeting\nretry: 100\ndata: 漢\ndata: 𝄞\n\n"),
            new Answer("", Ending.Silence));
        using var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });

        IList<SseSignal> signals = await Observable.FromSseSignals(client, server.Url, Quick).Take(7).ToList().ToTask();

        Expect.Equal(
            signals.Select(signal => signal.GetType().Name),
            "SseConnecting", "SseOpened", "SseComment", "SseEvent", "SseDisconnected", "SseConnecting", "SseOpened");
        Expect.Equal(signals.OfType<SseEvent>(), new SseEvent
        {
            Event = "greeting",
            Data = "漢\n𝄞",
            Id = "é",
            Retry = TimeSpan.FromMilliseconds(100),
            LastEventId = "é",
        });
        Expect.Equal(
            signals.OfType<SseDisconnected>().Select(lost => (lost.Reason.GetType(), lost.Attempt)),
            (typeof(SseEndOfStreamException), 1));
    }

    public static async Task PostWithASentinel()
    {
        using var server = new LoopbackServer(new Answer("data: Hel\n\ndata: lo\n\ndata: [DONE]\n\n", Ending.Silence));
        using var client = new HttpClient();
        var request = SseRequest.Post($"{server.Url}chat", () => new ByteArrayContent(
            JsonSerializer.SerializeToUtf8Bytes(new Prompt("small", ["Hi"]), Json.Default.Prompt)));

        IList<string> answer = await Observable
            .FromSse(client, request, new SseOptions { EndOfStream = SseEndOfStream.Fail })
            .Select(e => e.Data).TakeWhile(data => data != "[DONE]").ToList().ToTask();

        Expect.Equal(answer, "Hel", "lo");
        string asked = (await server.RequestsAsync()).Single();
        Expect.Equal(
            [asked.Split('\n')[0], asked.Split('\n')[^1]],
            "POST /chat HTTP/1.1",
            """{"model":"small","messages":["Hi"]}""");
    }

    public static async Task ErrorOfAnApi()
    {
        using var server = new LoopbackServer(
            new Answer("""{"error":"no key"}""", Status: "401 Unauthorized", ContentType: "application/json"));
        using var client = new HttpClient();

        var error = await EndOf(Observable.FromSse(client, server.Url)) as SseResponseException;

        Expect.Equal([(error?.StatusCode, error?.Body)], (HttpStatusCode.Unauthorized, """{"error":"no key"}"""));
    }

    public static async Task IdleTimeout()
    {
        using var server = new LoopbackServer(new Answer("data: a\n\n", Ending.Silence));
        using var client = new HttpClient();
        var options =
            new SseOptions { IdleTimeout = TimeSpan.FromMilliseconds(200), Reconnection = SseReconnection.Never };

        Exception? error = await EndOf(Observable.FromSse(client, server.Url, options));

        Expect.Equal([error?.GetType()], typeof(SseIdleTimeoutException));
        await server.RequestsAsync();
    }

    private static Task<Exception?> EndOf<T>(IObservable<T> stream) =>
        stream.Materialize().Select(n => n.Exception).ToTask();

    private static string LastEventId(string request) =>
        request.Split('\n')
            .FirstOrDefault(line => line.StartsWith("Last-Event-ID: ", StringComparison.Ordinal))?
            .Split(' ')[1] ?? "";
}
