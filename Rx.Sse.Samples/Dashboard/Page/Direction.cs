using System.Globalization;

namespace Rx.Sse.Samples.Dashboard.Page;

/// <summary>Up or down: told by a colour, and for those who do not see it, by a sign.</summary>
internal static class Direction
{
    public static string Of(double change) => change < 0 ? "down" : "up";

    public static string Text(double change) =>
        string.Create(CultureInfo.InvariantCulture, $"{(change < 0 ? '▼' : '▲')} {Math.Abs(change) * 100:0.00} %");
}
