namespace Rx.Sse.Benchmarks.Throughput;

/// <summary>The minimum ratios for each kind, depending on the size of its events.</summary>
internal static class Floors
{
    public const double MeanStrings = 1.9;
    public const double MeanTyped = 3.0;
    public const double SingleBytes = 1.5;

    /// <summary>The proportion by which a ratio may be below its floor.</summary>
    public const double Tolerance = 0.05;

    private const double SmallEvent = 512;
    private const double MediumEvent = 4 * 1024;
    private const double MostlyNonAscii = 0.5;

    public static double Strings(double eventSize, double nonAsciiShare) => eventSize switch
    {
        <= SmallEvent => nonAsciiShare > MostlyNonAscii ? 1.3 : 1.5,
        <= MediumEvent => 1.1,
        _ => 0.95,
    };

    public static double Typed(double eventSize) => eventSize switch
    {
        <= SmallEvent => 2.0,
        <= MediumEvent => 1.5,
        _ => 1.0,
    };

    public static bool IsMissed(double ratio, double floor) => ratio < floor * (1 - Tolerance);
}
