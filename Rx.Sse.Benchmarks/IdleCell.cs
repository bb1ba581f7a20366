using System.Net;
using System.Net.ServerSentEvents;
using System.Reactive.Linq;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// One value of <see cref="IdleTable"/>: opens many streams with one client, waits until they are idle, and prints the
/// heap size per stream and the number of threads.
/// </summary>
internal static class IdleCell
{
    /// <summary>
    /// How long the shared pools keep an unused array. Such arrays do not count as memory of a stream.
    /// </summary>
    private static readonly TimeSpan PoolsKeep = TimeSpan.FromSeconds(31);

    private static readonly List<object> Alive = [];

    private static int _settled;

    public static async Task<int> RunAsync(string kind, string http, int count, string address)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue })
        {
            DefaultRequestVersion = http == "2" ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        bool hasEvent = address.Contains("burst", StringComparison.Ordinal);
        await OpenAsync(1);
        long before = await SettledHeapAsync(1);
        await OpenAsync(count);
        long after = await SettledHeapAsync(count + 1);
        Console.WriteLine($"{(after - before) / count} {ThreadPool.ThreadCount}");
        GC.KeepAlive(Alive);
        Environment.Exit(0);
        return 0;

        async Task OpenAsync(int more)
        {
            for (int i = 0; i < more; i++)
            {
                Open(kind, client, address, hasEvent);
                if (i % 100 == 99)
                    await Task.Delay(20);
            }
        }
    }

    private static void Open(string kind, HttpClient client, string address, bool hasEvent)
    {
        switch (kind)
        {
            case "bare":
                Alive.Add(ReadBareAsync(client, address, hasEvent));
                break;
            case "platform":
                Alive.Add(ReadPlatformAsync(client, address, hasEvent));
                break;
            default:
                Alive.Add(Observable.FromSseSignals(client, address).Subscribe(signal =>
                {
                    if (hasEvent ? signal is SseEvent : signal is SseOpened)
                        Interlocked.Increment(ref _settled);
                }));
                break;
        }
    }

    private static async Task ReadBareAsync(HttpClient client, string address, bool hasEvent)
    {
        HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        if (hasEvent)
            await SkipEventAsync(body);
        Interlocked.Increment(ref _settled);
        _ = await body.ReadAsync(Memory<byte>.Empty);
        GC.KeepAlive(response);
    }

    /// <summary>A separate method, so that its buffer does not stay in the state machine of the reader.</summary>
    private static async Task SkipEventAsync(Stream body)
    {
        byte[] buffer = new byte[4096];
        for (int end = 0; end < 2;)
        {
            int count = await body.ReadAsync(buffer);
            end = buffer.AsSpan(0, count) is [.., (byte)'\n', (byte)'\n'] or [(byte)'\n'] ? 2 : 0;
        }
    }

    private static async Task ReadPlatformAsync(HttpClient client, string address, bool hasEvent)
    {
        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        if (!hasEvent)
            Interlocked.Increment(ref _settled);
        await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync())
            Interlocked.Increment(ref _settled);
    }

    private static async Task<long> SettledHeapAsync(int count)
    {
        for (int i = 0; i < 600 && Volatile.Read(ref _settled) < count; i++)
            await Task.Delay(100);
        if (_settled < count)
            throw new TimeoutException($"Only {_settled} of {count} streams are open.");

        // In the first collection the pools note the time. In a later one they release the arrays that were not used
        // since.
        foreach (TimeSpan wait in new[] { TimeSpan.FromMilliseconds(500), PoolsKeep, TimeSpan.FromMilliseconds(500) })
        {
            await Task.Delay(wait);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
