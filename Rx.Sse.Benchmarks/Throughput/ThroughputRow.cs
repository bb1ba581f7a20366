using System.Globalization;
using System.Text.Json;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>
/// One row of <see cref="ThroughputTable"/>, in a separate process, because the JIT optimizes code for the input that
/// it has run on so far.
/// </summary>
internal static class ThroughputRow
{
    private const string Command = "throughput-row";

    public static ThroughputFigures MeasureInOwnProcess(Kind kind, ThroughputArguments arguments)
    {
        string output = OwnProcess.Run([Command, kind.Name, .. arguments.ToOptions()]);
        return JsonSerializer.Deserialize<ThroughputFigures>(output)!;
    }

    /// <summary>Runs a command for a kind in a separate process, and returns the two ratios that it prints.</summary>
    public static (double First, double Second) MeasurePairInOwnProcess(
        string command, Kind kind, ThroughputArguments arguments)
    {
        string[] ratios = OwnProcess.Run([command, kind.Name, .. arguments.ToOptions()]).Split(' ');
        return (double.Parse(ratios[0], CultureInfo.InvariantCulture),
            double.Parse(ratios[1], CultureInfo.InvariantCulture));
    }

    public static int Run(string kindName, ThroughputArguments arguments)
    {
        Kind kind = arguments.AllKinds.Single(kind => kind.Name == kindName);
        Console.WriteLine(JsonSerializer.Serialize(Measure(kind, arguments)));
        return 0;
    }

    /// <summary>Throws if the parser has not reported all events completely.</summary>
    public static void Check(Tally actual, Tally expected)
    {
        if (actual != expected)
            throw new InvalidOperationException($"A parser has reported {actual} instead of {expected}.");
    }

    /// <summary>
    /// Returns the speed relative to the peer. Throws if one of them has not reported all events completely.
    /// </summary>
    public static double Ratio(Func<Tally> peer, Func<Tally> own, Tally expected, TurnCounts counts)
    {
        Check(peer(), expected);
        Check(own(), expected);
        double[][] seconds = Turns.Measure(counts, () => peer(), () => own());
        return Turns.Ratio(seconds[0], seconds[1]);
    }

    private static ThroughputFigures Measure(Kind kind, ThroughputArguments arguments)
    {
        Input input = Input.Create(kind, arguments.Seed);
        var runs = new ParserRuns(input.InChunksOf(arguments.ChunkSize));
        double strings = Ratio(runs.Platform, runs.RxSse, input.Strings, arguments.Turns);
        double stringsAllocation = AllocatedBy(runs.RxSse) / input.Strings.Events;
        double typed = Ratio(runs.PlatformTyped, runs.RxSseTyped, input.Typed, arguments.Turns);
        double typedAllocation = AllocatedBy(runs.RxSseTyped) / input.Typed.Events;
        return new ThroughputFigures
        {
            EventSize = input.EventSize,
            NonAsciiShare = input.NonAsciiShare,
            Strings = strings,
            Typed = typed,
            StringsAllocation = stringsAllocation,
            TypedAllocation = typedAllocation,
        };
    }

    private static double AllocatedBy(Func<Tally> run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
