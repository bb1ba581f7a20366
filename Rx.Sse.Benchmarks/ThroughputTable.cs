using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Rx.Sse.Benchmarks;

/// <summary>All corpora in one table of ratios, from one run of BenchmarkDotNet at chunks of 16 KiB.</summary>
internal static class ThroughputTable
{
    private const int ChunkSize = 16 * 1024;

    public static int Print(string[] corpora)
    {
        string[] names = corpora is [] ? [.. Corpus.Names] : corpora;
        Summary[] summaries = Run(names);

        Console.WriteLine("| corpus | `SseParser` | Rx.Sse | B2 | bytes per event | typed `SseParser` | typed Rx.Sse | B3 | bytes per event |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (string name in names)
        {
            Corpus corpus = Corpus.Create(name);
            double platform = Seconds(summaries, name, nameof(ParserBenchmarks.Platform));
            double typed = Seconds(summaries, name, nameof(ParserBenchmarks.PlatformTyped));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {corpus.Bytes.Length / platform / 1e6:0} MB/s | **{platform / Seconds(summaries, name, nameof(ParserBenchmarks.RxSse)):0.00}** | " +
                $"{platform / Seconds(summaries, name, nameof(ParserBenchmarks.LowerBoundStrings)):0.00} | {Allocated(summaries, corpus, nameof(ParserBenchmarks.RxSse)):0} | " +
                $"{corpus.Bytes.Length / typed / 1e6:0} MB/s | **{typed / Seconds(summaries, name, nameof(ParserBenchmarks.RxSseTyped)):0.00}** | " +
                $"{typed / Seconds(summaries, name, nameof(ParserBenchmarks.LowerBoundTyped)):0.00} | {Allocated(summaries, corpus, nameof(ParserBenchmarks.RxSseTyped)):0} |"));
        }

        if (corpora is [])
        {
            foreach (string name in new[] { "llm", "ticks" })
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name}, one byte at a time, beside the synchronous SseParser: {Seconds(summaries, name, nameof(SmallChunkBenchmarks.Platform), small: true) / Seconds(summaries, name, nameof(SmallChunkBenchmarks.RxSse), small: true):0.00}"));
        }

        return 0;
    }

    private static Summary[] Run(string[] names)
    {
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithIterationTime(TimeInterval.FromMilliseconds(200)).WithWarmupCount(8).WithIterationCount(11);
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(new ConsoleLogger())
            .WithOption(ConfigOptions.DisableOptimizationsValidator, false)
            .AddFilter(new BenchmarkDotNet.Filters.SimpleFilter(benchmark =>
                names.Contains(benchmark.Parameters["Corpus"]) && (benchmark.Parameters.Items.All(item => item.Name != "ChunkSize") || benchmark.Parameters["ChunkSize"] is ChunkSize)));
        return [BenchmarkRunner.Run<ParserBenchmarks>(config), BenchmarkRunner.Run<SmallChunkBenchmarks>(config)];
    }

    private static BenchmarkReport Report(Summary[] summaries, string corpus, string method, bool small = false) =>
        summaries[small ? 1 : 0].Reports.Single(report =>
            report.BenchmarkCase.Descriptor.WorkloadMethod.Name == method && report.BenchmarkCase.Parameters["Corpus"] is string name && name == corpus);

    private static double Seconds(Summary[] summaries, string corpus, string method, bool small = false) =>
        Report(summaries, corpus, method, small).ResultStatistics!.Median / 1e9;

    private static double Allocated(Summary[] summaries, Corpus corpus, string method)
    {
        BenchmarkReport report = Report(summaries, corpus.Name, method);
        return (double)report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase)!.Value / corpus.Events;
    }
}
