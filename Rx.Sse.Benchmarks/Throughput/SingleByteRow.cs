using System.Globalization;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>
/// One row of <see cref="ThroughputTable"/> for streams that arrive one byte at a time. Compares with the platform's
/// synchronous parser, because the asynchronous one would mainly measure its reads.
/// </summary>
internal static class SingleByteRow
{
    private const string Command = "throughput-bytes";
    private const int Size = 256 * 1024;

    public static IReadOnlyList<string> KindNames { get; } = ["OpenAI JSON", "event, id, data", "CRLF", "CJK"];

    public static double MeasureInOwnProcess(Kind kind, ThroughputArguments arguments)
    {
        string output = OwnProcess.Run([Command, kind.Name, .. arguments.ToOptions()]);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }

    public static int Run(string kindName, ThroughputArguments arguments)
    {
        ParserRuns runs = CreateRuns(Kinds.Get(kindName), arguments.Seed);
        ThroughputRow.Check(runs.RxSse(), runs.PlatformSynchronous());
        double[][] seconds = Turns.Measure(arguments.Turns, () => runs.PlatformSynchronous(), () => runs.RxSse());
        Console.WriteLine(Turns.Ratio(seconds[0], seconds[1]).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    public static ParserRuns CreateRuns(Kind kind, int seed) => new(Input.Create(kind, seed, Size).InChunksOf(1));
}
