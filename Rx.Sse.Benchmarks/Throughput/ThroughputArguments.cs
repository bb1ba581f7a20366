using System.Globalization;
using Rx.Sse.Benchmarks.Inputs;

namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>The arguments of <see cref="ThroughputTable"/>, which it passes on to the process of each row.</summary>
internal sealed record ThroughputArguments
{
    public int Seed { get; private init; } = Kinds.DefaultSeed;

    public int ChunkSize { get; private init; } = 16 * 1024;

    public int RandomCount { get; private init; } = Kinds.DefaultRandomCount;

    public bool Quick { get; private init; }

    public IReadOnlyList<string> Patterns { get; private init; } = [];

    public TurnCounts Turns => Quick ? TurnCounts.Quick : TurnCounts.Full;

    public IReadOnlyList<Kind> AllKinds => Kinds.All(Seed, RandomCount);

    public static ThroughputArguments Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new(),
        ["--seed", var seed, .. var rest] => Parse(rest) with { Seed = Number(seed) },
        ["--chunk", var size, .. var rest] => Parse(rest) with { ChunkSize = Number(size) },
        ["--random", var count, .. var rest] => Parse(rest) with { RandomCount = Number(count) },
        ["--quick", .. var rest] => Parse(rest) with { Quick = true },
        [var option, ..] when option.StartsWith("--", StringComparison.Ordinal) =>
            throw new ArgumentException($"The option '{option}' is unknown or has no value.", nameof(arguments)),
        [var pattern, .. var rest] => Parse(rest).WithPattern(pattern),
    };

    /// <summary>Returns the options as arguments, without the patterns.</summary>
    public string[] ToOptions() =>
    [
        "--seed", Text(Seed),
        "--chunk", Text(ChunkSize),
        "--random", Text(RandomCount),
        .. Quick ? ["--quick"] : Array.Empty<string>(),
    ];

    private ThroughputArguments WithPattern(string pattern) => this with { Patterns = [pattern, .. Patterns] };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
