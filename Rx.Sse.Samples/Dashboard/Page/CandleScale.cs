using Rx.Sse.Samples.Dashboard.ViewModels;

namespace Rx.Sse.Samples.Dashboard.Page;

/// <summary>
/// Maps times and prices to coordinates of the drawing: columns from the left, one per second, and heights from 0 at
/// the top to 1.
/// </summary>
internal sealed class CandleScale
{
    /// <summary>The number of seconds on the chart.</summary>
    public const int Columns = 60;

    private readonly DateTimeOffset _newest;
    private readonly double _low;
    private readonly double _high;

    public CandleScale(IReadOnlyList<Candle> candles)
    {
        if (candles.Count == 0)
            return;
        _newest = candles[^1].Time;
        _low = candles.Min(candle => candle.Low);
        _high = candles.Max(candle => candle.High);
        double margin = Math.Max((_high - _low) * 0.06, 0.01);
        _low -= margin;
        _high += margin;
    }

    public DateTimeOffset Oldest => _newest.AddSeconds(1 - Columns);

    public double Column(DateTimeOffset time) => (time - Oldest).TotalSeconds;

    public double Height(double price) => (_high - price) / (_high - _low);

    /// <summary>Returns about four round prices, for horizontal lines.</summary>
    public IEnumerable<double> RoundPrices()
    {
        double wanted = (_high - _low) / 4;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(wanted)));
        double step = magnitude * (wanted / magnitude) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 };
        for (double price = Math.Ceiling(_low / step) * step; price < _high; price += step)
            yield return price;
    }

    /// <summary>Returns each quarter of a minute, for marks below the chart.</summary>
    public IEnumerable<DateTimeOffset> RoundTimes()
    {
        for (int column = 0; column < Columns; column++)
        {
            DateTimeOffset time = Oldest.AddSeconds(column);
            if (time.Second % 15 == 0)
                yield return time;
        }
    }
}
