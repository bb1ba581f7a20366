using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Reactive.Linq;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// Measures both clients with one server over loopback, in turns, so that other load on the machine affects both. Each
/// kind of input runs in a separate process.
/// </summary>
internal static class EndToEndTable
{
    private const int WarmUpRounds = 20;
    private const int WarmUpRequests = 60;
    private const int Rounds = 25;
    private const int LatencyRounds = 12;
    private const int LatencyEvents = 1_000;
    private const int FirstEventRounds = 20;
    private const int FirstEvents = 500;

    /// <summary>
    /// .NET optimizes frequently called methods when no new method has been called for 100 ms. This is more than twice
    /// that.
    /// </summary>
    private static readonly TimeSpan WarmUpRest = TimeSpan.FromMilliseconds(250);

    /// <summary>Gives the server time to finish the previous request, so that no client waits for it.</summary>
    private static readonly TimeSpan BetweenRequests = TimeSpan.FromMicroseconds(20);

    private static readonly string[] DefaultKinds = ["OpenAI JSON", "Anthropic JSON", "event, id, data", "10 B"];

    private static readonly SseOptions Once = new() { Reconnection = SseReconnection.Never };

    /// <summary>Reads a stream to its end and passes on the data of each event.</summary>
    private delegate Task Reader(HttpClient client, string address, Action<string> onData);

    public static int Print(string[] patterns)
    {
        IEnumerable<string> kinds =
            patterns is [] ? DefaultKinds : Kinds.Matching(Kinds.Named, patterns).Select(kind => kind.Name);
        Console.WriteLine("| kind | `SseParser`, events/s | Rx.Sse, ratio | bytes per event: `SseParser` | Rx.Sse |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach (string name in kinds)
            Console.Write(OwnProcess.Run("end-to-end-row", name));

        Console.WriteLine();
        Console.WriteLine("| latency, µs | `SseParser` p50 | p99 | Rx.Sse p50 | p99 |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        Console.Write(OwnProcess.Run("end-to-end-latency"));
        return 0;
    }

    public static async Task<int> PrintThroughputAsync(string name)
    {
        using BenchmarkServer server = BenchmarkServer.Start();
        using var client = new HttpClient();
        string address = AddressOf(server, name);
        await WarmUpAsync(client, address, [ReadPlatformAsync, ReadRxSseAsync]);
        await PrintThroughputAsync(client, address, name);
        return 0;
    }

    public static async Task<int> PrintLatencyAsync()
    {
        using BenchmarkServer server = BenchmarkServer.Start();
        using var client = new HttpClient();
        await WarmUpAsync(client, AddressOf(server, DefaultKinds[0]), [ReadPlatformAsync, ReadRxSseAsync]);
        Reader[] readers = [ReadPlatformAsync, ReadPlatformInFullAsync, ReadRxSseAsync];
        await WarmUpAsync(client, $"{server.Http1}/latency/1", readers, WarmUpRequests);
        await PrintLatencyAsync(client, server.Http1);
        await PrintFirstEventAsync(client, server.Http1);
        return 0;
    }

    private static string AddressOf(BenchmarkServer server, string kindName) =>
        $"{server.Http1}/kind/{Uri.EscapeDataString(kindName)}";

    /// <summary>Runs until both processes use optimized code.</summary>
    private static async Task WarmUpAsync(HttpClient client, string address, Reader[] readers, int requests = 1)
    {
        for (int round = 0; round < WarmUpRounds; round++)
        {
            for (int i = 0; i < requests; i++)
            {
                foreach (Reader reader in readers)
                    await reader(client, address, static _ => { });
            }

            await Task.Delay(WarmUpRest);
        }
    }

    private static async Task PrintThroughputAsync(HttpClient client, string address, string name)
    {
        int events = (int)BenchmarkServer.CreateInput(name).Strings.Events;
        Reader[] readers = [ReadPlatformAsync, ReadRxSseAsync];
        double[][] seconds = [.. readers.Select(_ => new double[Rounds])];
        double[] bytes = new double[readers.Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < readers.Length; i++)
            {
                int count = 0;
                Turns.Begin();
                long before = GC.GetTotalAllocatedBytes(precise: true);
                long start = Stopwatch.GetTimestamp();
                await readers[i](client, address, _ => count++);
                double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                bytes[i] = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / events;
                if (count != events)
                    throw new InvalidOperationException($"{count} events instead of {events}.");
                seconds[i][round] = elapsed;
            }
        }

        double rate = events / Turns.Percentile(seconds[0], 0.5);
        double ratio = Turns.Ratio(seconds[0], seconds[1]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {rate:0} | **{ratio:0.00}** | {bytes[0]:0} | {bytes[1]:0} |"));
    }

    private static async Task PrintLatencyAsync(HttpClient client, string address)
    {
        double[][][] delays = [new double[LatencyRounds][], new double[LatencyRounds][]];
        for (int round = 0; round < LatencyRounds; round++)
        {
            delays[0][round] = await DelaysAsync(ReadPlatformAsync);
            delays[1][round] = await DelaysAsync(ReadRxSseAsync);
        }

        PrintPercentiles("one event a millisecond", delays);

        async Task<double[]> DelaysAsync(Reader reader)
        {
            List<double> result = [];
            await reader(client, $"{address}/latency/{LatencyEvents}", data =>
                result.Add(Stopwatch.GetElapsedTime(long.Parse(data, CultureInfo.InvariantCulture)).TotalMicroseconds));
            return [.. result[(LatencyEvents / 10)..]];
        }
    }

    private static async Task PrintFirstEventAsync(HttpClient client, string address)
    {
        Reader[] readers = [ReadPlatformAsync, ReadPlatformInFullAsync, ReadRxSseAsync];

        // Each reader follows each of the others equally often, and never itself, because the caches still contain the
        // data of the previous one.
        int[][] orders = [[0, 1, 2], [1, 0, 2]];
        double[][][] delays = [.. readers.Select(_ => new double[FirstEventRounds][])];
        for (int round = 0; round < FirstEventRounds; round++)
        {
            foreach (double[][] rounds in delays)
                rounds[round] = new double[FirstEvents];
            for (int i = 0; i < FirstEvents; i++)
            {
                foreach (int reader in orders[i % orders.Length])
                    delays[reader][round][i] = await FirstEventAsync(readers[reader]);
            }
        }

        PrintPercentiles("from the request to the first event", [delays[0], delays[2]]);
        PrintPercentiles("the same, where `SseParser` gets a request in full", [delays[1], delays[2]]);

        async Task<double> FirstEventAsync(Reader reader)
        {
            SpinFor(BetweenRequests);
            double delay = double.NaN;
            long start = Stopwatch.GetTimestamp();
            await reader(
                client, $"{address}/latency/1", _ => delay = Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            return double.IsNaN(delay) ? throw new InvalidOperationException("There was no event.") : delay;
        }
    }

    /// <summary>Waits for a time that is too short for a timer.</summary>
    private static void SpinFor(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
            Thread.SpinWait(1);
    }

    /// <summary>
    /// Prints the median over several rounds for each percentile, because all the slowest values may come from one
    /// second in which the machine was busy.
    /// </summary>
    private static void PrintPercentiles(string what, double[][][] delays)
    {
        Console.WriteLine($"| {what} | {Percentiles(delays[0])} | {Percentiles(delays[1])} |");

        static string Percentiles(double[][] rounds) => string.Create(
            CultureInfo.InvariantCulture, $"{Percentile(rounds, 0.5):0} | {Percentile(rounds, 0.99):0}");

        static double Percentile(double[][] rounds, double share) =>
            Turns.Percentile([.. rounds.Select(round => Turns.Percentile(round, share))], 0.5);
    }

    private static async Task ReadPlatformAsync(HttpClient client, string address, Action<string> onData)
    {
        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync())
            onData(item.Data);
    }

    /// <summary>
    /// The same with everything that an event stream needs: request headers, checks of the response, and a cancellation
    /// token.
    /// </summary>
    private static async Task ReadPlatformInFullAsync(HttpClient client, string address, Action<string> onData)
    {
        using var cancellation = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache");
        using HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation.Token);
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            throw new InvalidOperationException("That is no event stream.");
        Stream body = await response.Content.ReadAsStreamAsync(cancellation.Token);
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(cancellation.Token))
            onData(item.Data);
    }

    private static async Task ReadRxSseAsync(HttpClient client, string address, Action<string> onData)
    {
        var end = new TaskCompletionSource();
        IObservable<SseEvent> stream = Observable.FromSse(client, address, Once);
        using (stream.Subscribe(e => onData(e.Data), end.SetException, end.SetResult))
            await end.Task;
    }
}
