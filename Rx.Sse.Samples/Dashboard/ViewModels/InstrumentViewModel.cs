using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>One instrument. Every quote counts, but the screen is asked to change only a few times a second.</summary>
public sealed class InstrumentViewModel : ViewModel
{
    /// <summary>How often it changes at most.</summary>
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

    /// <summary>Within the last minute, as a fraction: 0.01 is one per cent up.</summary>
    public double Change { get; private set => Set(ref field, value); }

    /// <summary>Those of the last minute, the oldest first.</summary>
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
