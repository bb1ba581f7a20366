using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>One instrument. It uses every quote, but changes only a few times per second.</summary>
public sealed class InstrumentViewModel : ViewModel
{
    /// <summary>The minimum time between changes.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    private readonly CandleSeries _series = new();

    public InstrumentViewModel(string symbol, IObservable<Quote> quotes, IScheduler scheduler)
    {
        Symbol = symbol;
        Keep(quotes
            .Buffer(Refresh, scheduler)
            .Where(batch => batch.Count > 0)
            .Subscribe(Show));
    }

    public string Symbol { get; }

    public double Price { get; private set => Set(ref field, value); }

    /// <summary>The change in the last minute, as a fraction: 0.01 is one percent up.</summary>
    public double Change { get; private set => Set(ref field, value); }

    /// <summary>The candles of the last minute, oldest first.</summary>
    public IReadOnlyList<Candle> Candles { get; private set => Set(ref field, value); } = [];

    private void Show(IList<Quote> batch)
    {
        foreach (Quote quote in batch)
            _series.Add(quote);
        Candles = _series.ToList();
        Price = batch[^1].Price;
        Change = Price / Candles[0].Open - 1;
    }
}
