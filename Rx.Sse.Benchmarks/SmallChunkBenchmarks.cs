using System.Net.ServerSentEvents;
using BenchmarkDotNet.Attributes;

namespace Rx.Sse.Benchmarks;

/// <summary>The worst that a network can do: every byte by itself.</summary>
[MemoryDiagnoser]
public class SmallChunkBenchmarks
{
    private const int Bytes = 1024 * 1024;

    private ReadOnlyMemory<byte>[] _chunks = [];

    [ParamsSource(nameof(CorpusNames))]
    public string Corpus { get; set; } = "";

    public static IEnumerable<string> CorpusNames => ["llm", "ticks"];

    [GlobalSetup]
    public void MakeChunks() => _chunks = Benchmarks.Corpus.Create(Corpus).InChunksOf(1)[..Bytes];

    [Benchmark(Baseline = true)]
    public long Platform()
    {
        long total = 0;
        foreach (SseItem<string> item in SseParser.Create(new ChunkStream(_chunks)).Enumerate())
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
}
