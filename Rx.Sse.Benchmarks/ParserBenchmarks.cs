using System.Net.ServerSentEvents;
using BenchmarkDotNet.Attributes;

namespace Rx.Sse.Benchmarks;

/// <summary>The operator <c>ParseSse</c> beside <see cref="System.Net.ServerSentEvents.SseParser"/> and the lower bounds, on the same bytes.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private ReadOnlyMemory<byte>[] _chunks = [];

    [ParamsSource(nameof(CorpusNames))]
    public string Corpus { get; set; } = "";

    [Params(4 * 1024, 16 * 1024, 64 * 1024)]
    public int ChunkSize { get; set; }

    public static IEnumerable<string> CorpusNames => Benchmarks.Corpus.Names;

    [GlobalSetup]
    public void MakeChunks() => _chunks = Benchmarks.Corpus.Create(Corpus).InChunksOf(ChunkSize);

    [Benchmark(Baseline = true)]
    public async Task<long> Platform()
    {
        long total = 0;
        await foreach (SseItem<string> item in SseParser.Create(new ChunkStream(_chunks)).EnumerateAsync())
            total += item.Data.Length;
        return total;
    }

    [Benchmark]
    public long RxSse()
    {
        var counter = new Counter();
        using (new ChunkSource(_chunks).ParseSse().Subscribe(counter))
            return counter.Total;
    }

    /// <summary>B2: one vectorized search per line, one string per data line.</summary>
    [Benchmark]
    public long LowerBoundStrings() => LowerBound.Read(_chunks, strings: true);

    [Benchmark]
    public async Task<long> PlatformTyped()
    {
        long total = 0;
        await foreach (SseItem<int> item in SseParser.Create(new ChunkStream(_chunks), static (_, data) => data.Length).EnumerateAsync())
            total += item.Data;
        return total;
    }

    [Benchmark]
    public long RxSseTyped()
    {
        var counter = new Counter();
        using (new ChunkSource(_chunks).ParseSse(static e => e.Data.Length).Subscribe(counter))
            return counter.Total;
    }

    /// <summary>B3: the same search without strings.</summary>
    [Benchmark]
    public long LowerBoundTyped() => LowerBound.Read(_chunks, strings: false);
}
