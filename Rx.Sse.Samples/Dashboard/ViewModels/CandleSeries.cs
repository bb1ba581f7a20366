namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>
/// The candles of the last minute, by the server's time. Quotes that come late, after a reconnect, get their true
/// place, so an outage leaves no hole.
/// </summary>
internal sealed class CandleSeries
{
    public const int Length = 60;

    private readonly List<Candle> _candles = [];

    public void Add(Quote quote)
    {
        var second = DateTimeOffset.FromUnixTimeSeconds(quote.Time.ToUnixTimeSeconds());
        if (_candles is [.., var last] && last.Time == second)
            _candles[^1] = last.With(quote.Price);
        else
            _candles.Add(new Candle(second, quote.Price, quote.Price, quote.Price, quote.Price));

        DateTimeOffset oldest = second.AddSeconds(1 - Length);
        _candles.RemoveAll(candle => candle.Time < oldest);
    }

    public IReadOnlyList<Candle> ToList() => [.. _candles];
}
