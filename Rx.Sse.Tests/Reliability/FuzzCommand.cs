using System.Diagnostics;
using System.Globalization;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Reliability;

/// <summary>Feeds hostile input to the library for as long as requested.</summary>
internal static class FuzzCommand
{
    public const string Help = """
        fuzz [--minutes N] [--seed N]   hostile streams and responses, in turns, against the plain rules; 5 minutes and
                                        a new seed by default. Ends with 1, the seed and the input at the first
                                        difference.
        """;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(string[] options)
    {
        double minutes = 5;
        int seed = Random.Shared.Next();
        for (int i = 0; i < options.Length; i += 2)
        {
            string? value = i + 1 < options.Length ? options[i + 1] : null;
            switch (options[i])
            {
                case "--help" or "-h":
                    Console.WriteLine(Help);
                    return 0;
                case "--minutes" when double.TryParse(
                    value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out minutes) && minutes > 0:
                case "--seed" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed):
                    continue;
                default:
                    Console.Error.WriteLine($"'{options[i]} {value}' is no option of fuzz; --help lists them.");
                    return 2;
            }
        }

        return await FuzzAsync(seed, TimeSpan.FromMinutes(minutes));
    }

    private static async Task<int> FuzzAsync(int seed, TimeSpan duration)
    {
        using var streams = new StreamTarget();
        await using var rawHeads = new RawHeadTarget();
        FuzzTarget[] targets = [streams, new HeadTarget(), rawHeads];
        Console.WriteLine($"With the seed {seed}, for {duration}.");
        var stopwatch = Stopwatch.StartNew();
        TimeSpan nextReport = BetweenReports;
        for (int number = 0; stopwatch.Elapsed < duration; number++)
        {
            foreach (FuzzTarget target in targets)
            {
                if (await target.TryAsync(seed, number) is { } difference)
                {
                    Console.WriteLine(difference);
                    return 1;
                }
            }

            if (stopwatch.Elapsed >= nextReport)
            {
                nextReport += BetweenReports;
                Print();
            }
        }

        Print();
        Console.WriteLine("Nothing differs from the rules.");
        return 0;

        void Print()
        {
            Console.WriteLine($"After {stopwatch.Elapsed:hh\\:mm\\:ss}:");
            foreach (FuzzTarget target in targets)
                Console.WriteLine($"  {target.Tally}");
        }
    }
}
