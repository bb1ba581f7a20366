using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>
/// One row of <see cref="ThroughputTable"/> for streams that arrive one byte at a time. Compares with the platform's
/// parser, as in the other rows, and with its synchronous enumeration, which has no overhead of an asynchronous read.
/// </summary>
internal static class SingleByteRow
{
    private const string Command = "throughput-bytes";
    private const int Size = 256 * 1024;

    public static IReadOnlyList<string> KindNames { get; } = ["OpenAI JSON", "event, id, data", "CRLF", "CJK"];

    public static (double Asynchronous, double Synchronous) MeasureInOwnProcess(
        Kind kind, ThroughputArguments arguments) => ThroughputRow.MeasurePairInOwnProcess(Command, kind, arguments);

    public static int Run(string kindName, ThroughputArguments arguments)
    {
        ParserRuns runs = CreateRuns(Kinds.Get(kindName), arguments.Seed);
        ThroughputRow.Check(runs.RxSse(), runs.PlatformSynchronous());
        double[][] seconds = Turns.Measure(
            arguments.Turns, () => runs.Platform(), () => runs.PlatformSynchronous(), () => runs.RxSse());
        Console.WriteLine(FormattableString.Invariant(
            $"{Turns.Ratio(seconds[0], seconds[2])} {Turns.Ratio(seconds[1], seconds[2])}"));
        return 0;
    }

    public static ParserRuns CreateRuns(Kind kind, int seed) => new(Input.Create(kind, seed, Size).InChunksOf(1));
}
