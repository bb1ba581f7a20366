using System.Globalization;

namespace Rx.Sse.Samples.Dashboard.Page;

/// <summary>Shows a change as a color class, and as text for people who do not see the color.</summary>
internal static class Direction
{
    public static string Of(double change) => change < 0 ? "down" : "up";

    public static string Text(double change) =>
        string.Create(CultureInfo.InvariantCulture, $"{(change < 0 ? '▼' : '▲')} {Math.Abs(change) * 100:0.00} %");
}
