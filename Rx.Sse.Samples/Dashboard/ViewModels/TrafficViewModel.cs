using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>The number of events and, by the numbers in their IDs, of those missed or received twice.</summary>
public sealed class TrafficViewModel : ViewModel
{
    /// <summary>The minimum time between changes of the totals.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    public TrafficViewModel(IObservable<SseEvent> events, IScheduler scheduler)
    {
        Keep(events
            .Buffer(TimeSpan.FromSeconds(1), scheduler)
            .Subscribe(second => PerSecond = second.Count));
        Keep(events
            .Scan(default(Totals), (totals, e) => totals.With(e))
            .Sample(Refresh, scheduler)
            .Subscribe(totals => (Received, Missed, Duplicates) = (totals.Received, totals.Missed, totals.Duplicates)));
    }

    /// <summary>The number of events in the last second.</summary>
    public int PerSecond { get; private set => Set(ref field, value); }

    public long Received { get; private set => Set(ref field, value); }

    /// <summary>How many numbers were skipped.</summary>
    public long Missed { get; private set => Set(ref field, value); }

    /// <summary>How many events were received again.</summary>
    public long Duplicates { get; private set => Set(ref field, value); }

    private readonly record struct Totals(long Received, long Missed, long Duplicates, long? Last)
    {
        public Totals With(SseEvent e)
        {
            if (e.Event == Quote.ResetEventType)
                return this with { Last = null };
            if (e.Id is not { } id
                || !long.TryParse(id[(id.IndexOf('-') + 1)..], CultureInfo.InvariantCulture, out long number))
                return this;
            return Last is not { } last ? this with { Received = Received + 1, Last = number }
                : number <= last ? this with { Received = Received + 1, Duplicates = Duplicates + 1 }
                : this with { Received = Received + 1, Missed = Missed + number - last - 1, Last = number };
        }
    }
}
