using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using System.Text;

namespace Rx.Sse.Tests.Integration.NetFramework;

/// <summary>The events that streams deliver.</summary>
internal static class StreamChecks
{
    public static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    /// <summary>Each event is sent after the previous one has arrived.</summary>
    public static async Task Events_OneByOne_ArriveAtOnce(HttpClient client)
    {
        var arrived = new SemaphoreSlim(0);
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            for (int i = 1; i <= 20; i++)
            {
                await connection.ChunkAsync($"id: {i}\ndata: {i} é漢𝄞\n\n");
                await arrived.WaitAsync();
            }

            await connection.ClosedAsync();
        });

        IList<string> data = await Observable.FromSse(client, server.Url, Never)
            .Take(20).Do(_ => arrived.Release()).Select(e => e.Data).ToList().ToTask();

        Expect.Sequence(data, [.. Enumerable.Range(1, 20).Select(i => $"{i} é漢𝄞")]);
        RawConnection request = server.Requests.Single();
        Expect.Equal(request.Header("Accept"), "text/event-stream");
        Expect.Equal(request.Header("Cache-Control"), "no-cache");
    }

    public static async Task Event_OfFiveMegabytes_IsWhole(HttpClient client)
    {
        string chunk = string.Concat(Enumerable.Repeat("漢é x", 10_000));
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync("data: ");
            for (int i = 0; i < 75; i++)
                await connection.ChunkAsync(chunk);
            await connection.ChunkAsync("\n\n");
            await connection.EndAsync();
        });

        string data = (await Observable.FromSse(client, server.Url, Never).ToTask()).Data;

        Expect.Equal(data == string.Concat(Enumerable.Repeat(chunk, 75)), true);
    }

    /// <summary>Includes ill-formed sequences, for which Mono's own decoder returns fewer characters.</summary>
    public static async Task Event_ByteByByte_IsDecoded(HttpClient client)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("\uFEFFdata: é漢𝄞"), 0xF0, 0x80, 0x80, 0x80, 0xE2, 0x82, 10, 10];
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            foreach (byte value in bytes)
                await connection.ChunkAsync([value]);
            await connection.EndAsync();
        });

        SseEvent received = await Observable.FromSse(client, server.Url, Never).ToTask();

        Expect.Equal(received.Data, "é漢𝄞\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
    }

    public static async Task Body_OfKnownLength_EndsTheStream(HttpClient client)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.SendAsync(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 9\r\n\r\ndata: a\n\n");
            await connection.ClosedAsync();
        });

        Expect.Equal((await Observable.FromSse(client, server.Url, Never).ToTask()).Data, "a");
    }

    public static async Task Body_EndedByClose_EndsTheStream(HttpClient client)
    {
        using var server = new RawServer(connection =>
            connection.SendAsync("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n"));

        Expect.Equal((await Observable.FromSse(client, server.Url, Never).ToTask()).Data, "a");
    }

    public static async Task Post_WithASentinel_SendsItsBody(HttpClient client)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync("data: Hel\n\ndata: lo\n\ndata: [DONE]\n\n");
            await connection.ClosedAsync();
        });
        SseRequest request = SseRequest.Post($"{server.Url}chat", () => new StringContent("prompt"));

        IList<string> data = await Observable
            .FromSse(client, request, new SseOptions { EndOfStream = SseEndOfStream.Fail })
            .Select(e => e.Data).TakeWhile(text => text != "[DONE]").ToList().ToTask();

        Expect.Sequence(data, "Hel", "lo");
        Expect.Equal(server.Requests.Single().RequestLine, "POST /chat HTTP/1.1");
        Expect.Equal(server.Requests.Single().Body, "prompt");
    }

    public static async Task Signals_TellOfEachConnection(HttpClient client)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync(": hello\nretry: 100\ndata: a\n\n");
            await connection.EndAsync();
        });

        IList<SseSignal> signals = await Observable.FromSseSignals(client, server.Url).Take(7).ToList().ToTask();

        Expect.Sequence(
            signals.Select(signal => signal.GetType()), typeof(SseConnecting), typeof(SseOpened), typeof(SseComment),
            typeof(SseEvent), typeof(SseDisconnected), typeof(SseConnecting), typeof(SseOpened));
    }

    public static async Task Diagnostics_ReachListeners(HttpClient client)
    {
        long events = 0;
        var activities = new List<string>();
        using var activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => activities.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(activityListener);
        using var meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Meter.Name: "Rx.Sse", Name: "rx.sse.events" })
                    self.EnableMeasurementEvents(instrument);
            },
            MeasurementsCompleted = (_, _) => { },
        };
        meterListener.SetMeasurementEventCallback<long>((_, value, _, _) => events += value);
        meterListener.Start();
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync("data: a\n\ndata: b\n\n");
            await connection.EndAsync();
        });

        await Observable.FromSse(client, server.Url, Never).ToTask();

        Expect.Sequence(activities, "sse.connect");
        Expect.Equal(events, 2);
    }

    public static async Task Typed_ReadsBytes(HttpClient client)
    {
        using var server = new RawServer(async connection =>
        {
            await connection.OpenAsync();
            await connection.ChunkAsync("event: é\nid: 7\ndata: 123\n\n");
            await connection.EndAsync();
        });

        int sum = await Observable
            .FromSse(client, server.Url, e => e.Data.Length + e.EventType.Length + e.LastEventId.Length, Never)
            .ToTask();

        Expect.Equal(sum, 6);
    }

    public static Task ParseSse_AnyCut_GivesTheSame(HttpClient client)
    {
        string[] pieces =
        [
            "data", "\ndata: x", "event: ", "id: ", "\nretry: 5", ":", "\n", "\n\n", "\r", "\r\n",
            "é", "漢", "𝄞", " x",
        ];
        var random = new Random(1);
        int count = 0;
        for (int run = 0; run < 300; run++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(
                string.Concat(Enumerable.Range(0, 200).Select(_ => pieces[random.Next(pieces.Length)])));
            string[] whole = Parse(bytes, () => bytes.Length);

            Expect.Sequence(Parse(bytes, () => 1), whole);
            Expect.Sequence(Parse(bytes, () => random.Next(1, 40)), whole);
            count += whole.Length;
        }

        Expect.Equal(count > 1_000, true);

        return Task.CompletedTask;
    }

    private static string[] Parse(byte[] bytes, Func<int> chunkSize)
    {
        var events = new List<string>();
        using var chunks = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = chunks.ParseSse().Subscribe(e => events.Add(e.ToString()));
        for (int position = 0, size = 0; position < bytes.Length; position += size)
        {
            size = Math.Min(chunkSize(), bytes.Length - position);
            chunks.OnNext(bytes.AsMemory(position, size));
        }

        return [.. events];
    }
}
