using System.Globalization;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// All corpora in one table of ratios, in chunks of 16 KiB unless told otherwise: the methods of <see cref="ParserBenchmarks"/>, in turns. Each has a process of its own, as
/// with BenchmarkDotNet, for code is compiled for what it has been given so far.
/// </summary>
internal static class ThroughputTable
{
    private const int DefaultChunkSize = 16 * 1024;

    /// <param name="arguments">The size of the chunks, if it is to be another, and corpora, if not all.</param>
    public static int Print(string[] arguments)
    {
        bool hasSize = int.TryParse(arguments.FirstOrDefault(), CultureInfo.InvariantCulture, out int size);
        int chunkSize = hasSize ? size : DefaultChunkSize;
        string[] corpora = hasSize ? arguments[1..] : arguments;
        Console.WriteLine("| corpus | `SseParser` | Rx.Sse | B2 | bytes per event | typed `SseParser` | typed Rx.Sse | B3 | bytes per event |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (string name in corpora is [] ? Corpus.Names : corpora)
            Console.Write(OwnProcess.Run("throughput-row", name, $"{chunkSize}"));

        if (arguments is [])
        {
            Console.WriteLine();
            foreach (string name in SmallChunkBenchmarks.CorpusNames)
                Console.Write(OwnProcess.Run("throughput-bytes", name));
        }

        return 0;
    }

    public static int PrintCorpus(string name, int chunkSize)
    {
        var benchmarks = new ParserBenchmarks { Corpus = name, ChunkSize = chunkSize };
        benchmarks.MakeChunks();
        double[][] strings = Turns.Measure(() => benchmarks.Platform().GetAwaiter().GetResult(), benchmarks.RxSse, benchmarks.LowerBoundStrings);
        double[][] typed = Turns.Measure(() => benchmarks.PlatformTyped().GetAwaiter().GetResult(), benchmarks.RxSseTyped, benchmarks.LowerBoundTyped);
        Corpus corpus = Corpus.Create(name);
        Console.WriteLine($"| {name} | {Columns(strings, corpus, benchmarks.RxSse)} | {Columns(typed, corpus, benchmarks.RxSseTyped)} |");
        return 0;
    }

    public static int PrintSmallChunks(string name)
    {
        var benchmarks = new SmallChunkBenchmarks { Corpus = name };
        benchmarks.MakeChunks();
        double[][] seconds = Turns.Measure(benchmarks.Platform, benchmarks.RxSse);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name}, one byte at a time, beside the synchronous SseParser: {Turns.Ratio(seconds[0], seconds[1]):0.00}"));
        return 0;
    }

    private static string Columns(double[][] seconds, Corpus corpus, Func<long> own)
    {
        double speed = corpus.Bytes.Length / Turns.Percentile(seconds[0], 0.5) / 1e6;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{speed:0} MB/s | **{Turns.Ratio(seconds[0], seconds[1]):0.00}** | {Turns.Ratio(seconds[0], seconds[2]):0.00} | {AllocatedBy(own) / corpus.Events:0}");
    }

    private static double AllocatedBy(Func<long> run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
