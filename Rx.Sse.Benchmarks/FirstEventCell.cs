using System.Diagnostics;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Reactive.Linq;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks;

/// <summary>One process of <see cref="FirstEventTable"/>. Prints its time in milliseconds.</summary>
internal static class FirstEventCell
{
    private const string Kind = "OpenAI JSON";
    private const int ParsedSize = 8 * 1024 * 1024;
    private const int ChunkSize = 16 * 1024;

    /// <summary>Measures from before the client is created until the first event has arrived over HTTP.</summary>
    public static async Task<int> RunAsync(string client, string address)
    {
        long start = Stopwatch.GetTimestamp();
        using var http = new HttpClient();
        if (client == "platform")
            await ReadPlatformAsync(http, address);
        else
            await ReadRxSseAsync(http, address);
        Print(start);
        return 0;
    }

    /// <summary>Measures the parsing of a whole input from memory.</summary>
    public static async Task<int> ParseAsync(string client)
    {
        ReadOnlyMemory<byte>[] chunks = Input.Create(Kinds.Get(Kind), size: ParsedSize).InChunksOf(ChunkSize);
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        if (client == "platform")
            await ParsePlatformAsync(chunks);
        else
            ParseRxSse(chunks);
        Print(start);
        return 0;
    }

    private static async Task ReadPlatformAsync(HttpClient client, string address)
    {
        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync())
            return;
        throw new InvalidOperationException("There was no event.");
    }

    private static async Task ReadRxSseAsync(HttpClient client, string address)
    {
        var first = new TaskCompletionSource();
        IObservable<SseEvent> stream = Observable.FromSse(client, address);
        using (stream.Subscribe(_ => first.TrySetResult(), error => first.TrySetException(error)))
            await first.Task;
    }

    private static async Task ParsePlatformAsync(ReadOnlyMemory<byte>[] chunks)
    {
        long total = 0;
        await foreach (SseItem<string> item in SseParser.Create(new ChunkStream(chunks)).EnumerateAsync())
            total += item.Data.Length;
        GC.KeepAlive(total);
    }

    private static void ParseRxSse(ReadOnlyMemory<byte>[] chunks)
    {
        var counter = new Counter();
        using (new ChunkSource(chunks).ParseSse().Subscribe(counter))
            GC.KeepAlive(counter);
    }

    private static void Print(long start) =>
        Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
}
