using BenchmarkDotNet.Attributes;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks;

/// <summary>The rows of <see cref="Throughput.ThroughputTable"/>, measured with BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class ParserBenchmarks
{
    private ParserRuns _runs = new([]);

    [ParamsSource(nameof(KindNames))]
    public string Kind { get; set; } = "";

    [Params(4 * 1024, 16 * 1024, 64 * 1024)]
    public int ChunkSize { get; set; }

    public static IEnumerable<string> KindNames => Kinds.Named.Select(kind => kind.Name);

    [GlobalSetup]
    public void MakeChunks() => _runs = new ParserRuns(Input.Create(Kinds.Get(Kind)).InChunksOf(ChunkSize));

    [Benchmark(Baseline = true)]
    public long Platform() => _runs.Platform().Length;

    [Benchmark]
    public long RxSse() => _runs.RxSse().Length;

    [Benchmark]
    public long PlatformTyped() => _runs.PlatformTyped().Length;

    [Benchmark]
    public long RxSseTyped() => _runs.RxSseTyped().Length;
}
