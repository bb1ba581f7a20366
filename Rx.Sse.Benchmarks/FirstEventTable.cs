using System.Diagnostics;
using System.Globalization;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// How long a program that has just started waits for its first event and its first 8 MiB. Both clients take turns,
/// each time in a new process. The platform's libraries are compiled ahead of time (ReadyToRun). Rx.Sse,
/// System.Reactive and Polly are compiled by the JIT at run time, as in an app that is published without ReadyToRun.
/// </summary>
internal static class FirstEventTable
{
    private const int Rounds = 31;

    private static readonly string[] Clients = ["platform", "rx"];

    public static int Print()
    {
        using BenchmarkServer server = BenchmarkServer.Start();
        string address = $"{server.Http1}/latency/1";

        // Not counted: the first process reads the files from disk, and the server's first answer is slow.
        foreach (string client in Clients)
            Measure(client, address);

        double[][][] times = [.. Clients.Select(_ => new double[Rounds][])];
        for (int round = 0; round < Rounds; round++)
        {
            int first = round % Clients.Length;
            times[first][round] = Measure(Clients[first], address);
            times[1 - first][round] = Measure(Clients[1 - first], address);
        }

        Console.WriteLine("| in a new process, ms | `SseParser` | Rx.Sse | ratio of the times |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        PrintRow("from the start of the process to the first event", 0);
        PrintRow("from the request to the first event", 1);
        PrintRow("the first 8 MiB of ASCII, parsed from memory", 2);
        return 0;

        void PrintRow(string what, int column)
        {
            double[] peer = [.. times[0].Select(row => row[column])], own = [.. times[1].Select(row => row[column])];
            double[] ratios = [.. own.Zip(peer, (mine, other) => mine / other)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {Median(peer):0.0} | {Median(own):0.0} | **{Median(ratios):0.00}** |"));
        }
    }

    /// <summary>Returns the milliseconds for each row.</summary>
    private static double[] Measure(string client, string address)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = OwnProcess.Start("first-event-cell", client, address);
        double sinceRequest = Milliseconds(process.StandardOutput.ReadLine());
        double sinceStart = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        process.WaitForExit();

        return [sinceStart, sinceRequest, Milliseconds(OwnProcess.Run("first-parse-cell", client))];
    }

    private static double Milliseconds(string? line) =>
        double.Parse(line ?? throw new InvalidOperationException("There was no event."), CultureInfo.InvariantCulture);

    private static double Median(double[] values) => Turns.Percentile(values, 0.5);
}
