using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// Does to the parser what careless or hostile programs do, in a process that may crash. The environment selects the
/// vectors and the heap, for example with DOTNET_EnableHWIntrinsic=0 or DOTNET_GCHeapHardLimit.
/// </summary>
internal static class SafetyCommand
{
    public const string Help = """
        safety CASE [--seconds N] [--seed N]
                                        reused-buffer, two-threads, reentrant, dispose, writer: for 5 seconds by
                                        default; guards: memory between protected pages; small-heap:WAY, such as
                                        small-heap:FromSse: run it with a small DOTNET_GCHeapHardLimit. Ends with 1 at
                                        the first wrong result. A crash is a failure.
        """;

    private static readonly Dictionary<string, Func<Random, TimeSpan, string>> Cases = new()
    {
        ["reused-buffer"] = Misuse.ReuseBuffer,
        ["two-threads"] = Misuse.PushFromTwoThreads,
        ["reentrant"] = Misuse.PushFromWithin,
        ["dispose"] = Misuse.DisposeWhileReading,
        ["writer"] = Misuse.WriteWhileParsing,
        ["guards"] = GuardedInput.Run,
    };

    static SafetyCommand()
    {
        foreach ((string way, Func<string> run) in SmallHeap.Ways)
            Cases.Add($"small-heap:{way}", (_, _) => run());
    }

    /// <summary>The size of the widest vectors that this process uses; 0 if it uses none.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : Vector128.IsHardwareAccelerated ? 128
        : 0;

    public static int Run(string[] arguments)
    {
        double seconds = 5;
        int seed = Random.Shared.Next();
        if (arguments is not [var name, .. var options]
            || !Cases.TryGetValue(name, out Func<Random, TimeSpan, string>? run))
            return Refuse($"'{arguments.FirstOrDefault()}' is no case of safety; --help lists them.");
        for (int i = 0; i < options.Length; i += 2)
        {
            string? value = options.ElementAtOrDefault(i + 1);
            bool isRead = options[i] switch
            {
                "--seconds" =>
                    double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
                        && seconds > 0,
                "--seed" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (!isRead)
                return Refuse($"'{options[i]} {value}' is no option of safety; --help lists them.");
        }

        Console.WriteLine($"{name}, seed {seed}, vectors of {VectorBits} bits");
        try
        {
            Console.WriteLine(run(new Random(seed), TimeSpan.FromSeconds(seconds)));
            return ExitCode.Success;
        }
        catch (WrongResultException exception)
        {
            Console.WriteLine($"Wrong: {exception.Message}");
            return ExitCode.Failure;
        }
    }

    /// <summary>Repeats an attempt until the time is up, at least once. Returns the number of attempts.</summary>
    public static int Repeat(TimeSpan duration, Action attempt)
    {
        var stopwatch = Stopwatch.StartNew();
        int count = 0;
        do
        {
            attempt();
            count++;
        }
        while (stopwatch.Elapsed < duration);
        return count;
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return ExitCode.BadArguments;
    }
}
