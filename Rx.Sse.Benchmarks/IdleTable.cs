namespace Rx.Sse.Benchmarks;

/// <summary>
/// How much memory an idle stream holds in addition to a bare response. Each value is measured in a separate process.
/// </summary>
internal static class IdleTable
{
    private static readonly (string State, string Path)[] States =
        [("since the headers", "/idle"), ("after an event of 60 KB", "/idle?burst=true")];

    public static int Print(int streams)
    {
        using BenchmarkServer server = BenchmarkServer.Start();
        Console.WriteLine(
            $"Heap of the client for each of {streams} idle streams, in bytes; for `SseParser` and Rx.Sse what they "
                + "hold beyond the bare response:");
        Console.WriteLine();
        Console.WriteLine("| | bare response | `SseParser` | Rx.Sse | threads, Rx.Sse |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        foreach ((string http, string address) in new[] { ("1.1", server.Http1), ("2", server.Http2) })
        {
            foreach ((string state, string path) in States)
            {
                (long bare, _) = Measure("bare", http, streams, address + path);
                (long platform, _) = Measure("platform", http, streams, address + path);
                (long rx, long threads) = Measure("rx", http, streams, address + path);
                Console.WriteLine(
                    $"| HTTP/{http}, {state} | {bare} | {platform - bare} | **{rx - bare}** | {threads} |");
            }
        }

        return 0;
    }

    private static (long Heap, long Threads) Measure(string client, string http, int streams, string address)
    {
        string[] figures = OwnProcess.Run("idle-cell", client, http, $"{streams}", address).Split();
        return (long.Parse(figures[0], null), long.Parse(figures[1], null));
    }
}
