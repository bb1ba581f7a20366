using System.Globalization;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>Prints the speed of <c>ParseSse</c> relative to the platform's parser, for each kind of input.</summary>
internal static class ThroughputTable
{
    public static int Print(string[] commandLine)
    {
        ThroughputArguments arguments = ThroughputArguments.Parse(commandLine);
        IReadOnlyList<Kind> kinds = Kinds.Matching(arguments.AllKinds, arguments.Patterns);
        Print($"Seed {arguments.Seed}, chunks of {arguments.ChunkSize} bytes. A ratio of 2.00 is twice as fast as");
        Print($"`SseParser`; (!) is below the floor by more than {Floors.Tolerance:P0}.");
        PrintKinds(kinds, arguments);
        PrintSingleBytes(kinds, arguments);
        PrintBareLoop(kinds, arguments);
        return 0;
    }

    private static void PrintKinds(IReadOnlyList<Kind> kinds, ThroughputArguments arguments)
    {
        Print($"");
        Print($"| kind | bytes per event | beyond ASCII | strings | floor | typed | floor | allocated | typed |");
        Print($"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        List<ThroughputFigures> all = [];
        foreach (Kind kind in kinds)
        {
            ThroughputFigures figures = ThroughputRow.MeasureInOwnProcess(kind, arguments);
            all.Add(figures);
            PrintRow(kind, figures);
        }

        PrintSummary(all);
    }

    private static void PrintRow(Kind kind, ThroughputFigures row)
    {
        string size = $"| {kind.Name} | {row.EventSize:0} | {row.NonAsciiShare:P1} ";
        string strings = $"| {Ratio(row.Strings, row.StringsFloor)} | {row.StringsFloor:0.00} ";
        string typed = $"| {Ratio(row.Typed, row.TypedFloor)} | {row.TypedFloor:0.00} ";
        Print($"{size}{strings}{typed}| {row.StringsAllocation:0} | {row.TypedAllocation:0} |");
    }

    private static void PrintSummary(List<ThroughputFigures> all)
    {
        double strings = GeometricMean(all.Select(row => row.Strings));
        double typed = GeometricMean(all.Select(row => row.Typed));
        Print($"");
        Print($"Geometric mean with strings: {Ratio(strings, Floors.MeanStrings)}; limit {Floors.MeanStrings:0.00}.");
        Print($"Geometric mean typed: {Ratio(typed, Floors.MeanTyped)}; limit {Floors.MeanTyped:0.00}.");
        int stringsMisses = all.Count(row => row.MissesStringsFloor);
        int typedMisses = all.Count(row => row.MissesTypedFloor);
        Print($"Below the floor, of {all.Count} kinds: {stringsMisses} with strings, {typedMisses} typed.");
    }

    private static void PrintSingleBytes(IReadOnlyList<Kind> kinds, ThroughputArguments arguments) => PrintPairs(
        "| one byte at a time, with strings | `EnumerateAsync` | `Enumerate` | floor |",
        "| --- | ---: | ---: | ---: |",
        kinds.Where(kind => SingleByteRow.KindNames.Contains(kind.Name)),
        kind =>
        {
            (double asynchronous, double synchronous) = SingleByteRow.MeasureInOwnProcess(kind, arguments);
            string ratios = $"{Ratio(asynchronous, Floors.SingleBytes)} | {Ratio(synchronous, Floors.SingleBytes)}";
            return $"{ratios} | {Floors.SingleBytes:0.00}";
        });

    private static void PrintBareLoop(IReadOnlyList<Kind> kinds, ThroughputArguments arguments) => PrintPairs(
        "| a loop that only finds line ends | with strings and events | typed |",
        "| --- | ---: | ---: |",
        kinds.Where(kind => BareLoopRow.KindNames.Contains(kind.Name)),
        kind =>
        {
            (double strings, double typed) = BareLoopRow.MeasureInOwnProcess(kind, arguments);
            return $"{strings:0.00} | {typed:0.00}";
        });

    /// <summary>Prints a table with a row for each kind, or nothing if there are no kinds.</summary>
    private static void PrintPairs(
        string header, string rule, IEnumerable<Kind> kinds, Func<Kind, FormattableString> row)
    {
        bool isFirst = true;
        foreach (Kind kind in kinds)
        {
            if (isFirst)
                Console.WriteLine($"\n{header}\n{rule}");
            isFirst = false;
            Console.WriteLine($"| {kind.Name} | {FormattableString.Invariant(row(kind))} |");
        }
    }

    private static string Ratio(double ratio, double floor) =>
        string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00}{(Floors.IsMissed(ratio, floor) ? " (!)" : "")}");

    private static double GeometricMean(IEnumerable<double> ratios) => Math.Exp(ratios.Average(Math.Log));

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
