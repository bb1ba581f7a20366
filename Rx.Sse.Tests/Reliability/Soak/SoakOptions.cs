using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Rx.Sse.Tests.Reliability.Soak;

/// <summary>The options of a soak test.</summary>
internal sealed record SoakOptions
{
    public int Streams { get; private init; } = 200;

    public double Minutes { get; private init; } = 5;

    public int Seed { get; private init; } = 1;

    /// <summary>Reads the command line. If it is invalid, says why.</summary>
    public static bool TryParse(
        IReadOnlyList<string> arguments,
        [NotNullWhen(true)] out SoakOptions? options,
        [NotNullWhen(false)] out string? error)
    {
        options = new SoakOptions();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            options = name switch
            {
                "--streams" when IsBetween(1, 10_000, value, out int streams) => options with { Streams = streams },
                "--minutes" when IsBetween(0.01, 10_000, value, out double minutes) =>
                    options with { Minutes = minutes },
                "--seed" when IsBetween(0, int.MaxValue, value, out int seed) => options with { Seed = seed },
                _ => null,
            };
            if (options is null)
            {
                error = name is "--streams" or "--minutes" or "--seed"
                    ? $"'{value}' is no good value for {name}; --help says what is."
                    : $"There is no option '{name}'; --help lists them.";
                return false;
            }
        }

        error = null;
        return true;
    }

    private static bool IsBetween<T>(T least, T most, string value, [MaybeNullWhen(false)] out T number)
        where T : INumber<T> =>
        T.TryParse(value, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
