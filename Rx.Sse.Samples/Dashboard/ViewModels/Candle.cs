namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>The prices of one second: the first, the highest, the lowest and the last.</summary>
public sealed record Candle(DateTimeOffset Time, double Open, double High, double Low, double Close)
{
    public Candle With(double price) =>
        this with { High = Math.Max(High, price), Low = Math.Min(Low, price), Close = price };
}
