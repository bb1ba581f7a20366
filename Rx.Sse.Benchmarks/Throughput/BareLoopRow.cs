using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>One row of <see cref="ThroughputTable"/> for <see cref="BareLoop"/>.</summary>
internal static class BareLoopRow
{
    private const string Command = "throughput-bare";

    /// <summary>Gets the names of kinds whose events are one data line each.</summary>
    public static IReadOnlyList<string> KindNames { get; } =
        ["plain ASCII", "one curly quote or accent", "Western European", "Cyrillic", "60 B", "500 B", "4 KB", "64 KB"];

    public static (double Strings, double Typed) MeasureInOwnProcess(
        Kind kind, ThroughputArguments arguments) => ThroughputRow.MeasurePairInOwnProcess(Command, kind, arguments);

    public static int Run(string kindName, ThroughputArguments arguments)
    {
        var input = Input.Create(Kinds.Get(kindName), arguments.Seed);
        var runs = new ParserRuns(input.InChunksOf(arguments.ChunkSize));
        TurnCounts turns = arguments.Turns;
        double strings = ThroughputRow.Ratio(runs.Platform, () => BareLoop.Strings(input.Bytes), input.Strings, turns);
        double typed = ThroughputRow.Ratio(runs.PlatformTyped, () => BareLoop.Typed(input.Bytes), input.Typed, turns);
        Console.WriteLine(FormattableString.Invariant($"{strings} {typed}"));
        return 0;
    }
}
