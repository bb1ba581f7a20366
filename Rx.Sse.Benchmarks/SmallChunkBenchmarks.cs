using BenchmarkDotNet.Attributes;
using Rx.Sse.Benchmarks.Inputs;
using Rx.Sse.Benchmarks.Throughput;

namespace Rx.Sse.Benchmarks;

/// <summary>The worst case of a network: each byte arrives in a separate chunk.</summary>
[MemoryDiagnoser]
public class SmallChunkBenchmarks
{
    private ParserRuns _runs = new([]);

    [ParamsSource(nameof(KindNames))]
    public string Kind { get; set; } = "";

    public static IEnumerable<string> KindNames => SingleByteRow.KindNames;

    [GlobalSetup]
    public void MakeChunks() => _runs = SingleByteRow.CreateRuns(Kinds.Get(Kind), Kinds.DefaultSeed);

    [Benchmark(Baseline = true)]
    public long Platform() => _runs.PlatformSynchronous().Length;

    [Benchmark]
    public long RxSse() => _runs.RxSse().Length;
}
