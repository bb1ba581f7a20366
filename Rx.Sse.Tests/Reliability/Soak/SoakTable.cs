using System.Diagnostics;
using System.Globalization;

namespace Rx.Sse.Tests.Reliability.Soak;

/// <summary>The figures of a soak test, row by row.</summary>
internal sealed class SoakTable(SoakRun run, TextWriter output)
{
    private const double Megabyte = 1024 * 1024;

    private readonly long _start = Stopwatch.GetTimestamp();

    public void WriteHead()
    {
        output.WriteLine(
            "| time | streams | events | connections | faults | heap, MB | private, MB | working set, MB | handles | "
                + "threads | lost | doubled |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    }

    public void WriteRow() =>
        WriteRow(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_start).TotalSeconds:0} s"));

    public void WriteRow(string time)
    {
        ProcessFigures figures = ProcessFigures.Take();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {time} | {run.Sequences.Count()} | {run.Sequences.Sum(sequence => sequence.Received)} | "
            + $"{run.Counts.Connections} | {run.Counts.Injected.Total} "
            + $"| {figures.Heap / Megabyte:0.0} | {figures.Private / Megabyte:0} | {figures.WorkingSet / Megabyte:0} "
            + $"| {figures.Handles} | {figures.Threads} "
            + $"| {run.Sequences.Sum(sequence => sequence.Lost)} | "
            + $"{run.Sequences.Sum(sequence => sequence.Doubled)} |"));
    }

    /// <summary>Writes everything that is not in the rows. Returns whether the run was successful.</summary>
    public bool WriteSummary(int stuck)
    {
        long lost = run.Sequences.Sum(sequence => sequence.Lost);
        long doubled = run.Sequences.Sum(sequence => sequence.Doubled);
        long outOfOrder = run.Sequences.Sum(sequence => sequence.OutOfOrder);
        long damaged = run.Sequences.Sum(sequence => sequence.Damaged);
        string[] ends = [.. run.Ends];
        output.WriteLine();
        foreach (string end in ends.Distinct())
            output.WriteLine($"A stream ended: {end}");
        output.WriteLine(
            $"Faults: {run.Counts.Injected.By(fault => fault.Kind)}; by the server itself: {run.Counts.Ends}.");
        output.WriteLine($"Seen by the clients: {run.Counts.Losses}.");
        output.WriteLine($"Events of the slowest stream: {run.Sequences.Min(sequence => sequence.Received)}.");
        output.WriteLine(
            $"{lost} lost, {doubled} doubled, {outOfOrder} out of order, {damaged} damaged; streams that ended "
                + $"{ends.Length}, that got stuck {stuck}.");
        return lost + doubled + outOfOrder + damaged + ends.Length + stuck == 0;
    }
}
