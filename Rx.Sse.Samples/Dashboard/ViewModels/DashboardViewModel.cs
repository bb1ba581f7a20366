using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>The page, which has one connection.</summary>
public sealed class DashboardViewModel : ViewModel
{
    /// <summary>The pause in typing after which the filter is applied.</summary>
    public static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _client;
    private readonly BehaviorSubject<string> _filter = new("");
    private readonly BehaviorSubject<ImmutableList<InstrumentViewModel>> _instruments = new([]);

    /// <param name="client">Its base address is that of the server, which has the stream at <c>prices</c>.</param>
    /// <param name="options">The options of the stream.</param>
    /// <param name="scheduler">The clock of all delays.</param>
    public DashboardViewModel(HttpClient client, SseOptions options, IScheduler scheduler)
    {
        _client = client;

        // One subscription is one connection; everything below shares it.
        IConnectableObservable<SseSignal> signals = Observable.FromSseSignals(
            client, "prices", options, scheduler).Publish();
        Connection = new ConnectionViewModel(signals, scheduler);
        Keep(Connection);

        // Only the connection shows the end of the stream.
        IObservable<SseEvent> events = signals.Catch(Observable.Never<SseSignal>()).OfType<SseEvent>();
        Traffic = new TrafficViewModel(events, scheduler);
        Keep(Traffic);
        Keep(events
            .Where(e => e.Event == Quote.EventType)
            .Select(e => JsonSerializer.Deserialize(e.Data, QuoteJson.Default.Quote)!)
            .GroupBy(quote => quote.Symbol)
            .Select(quotes => new InstrumentViewModel(quotes.Key, quotes, scheduler))
            .Subscribe(Add));
        Keep(_instruments
            .CombineLatest(_filter.Throttle(TypingPause, scheduler).StartWith("").DistinctUntilChanged(), Matching)
            .Subscribe(matching => Instruments = matching));

        Keep(signals.Connect());
    }

    public ConnectionViewModel Connection { get; }

    public TrafficViewModel Traffic { get; }

    /// <summary>The instruments that match <see cref="Filter"/>, by name.</summary>
    public IReadOnlyList<InstrumentViewModel> Instruments { get; private set => Set(ref field, value); } = [];

    /// <summary>The instrument of the chart; initially the first one received.</summary>
    public InstrumentViewModel? Selected { get; set => Set(ref field, value); }

    /// <summary>Text that the names must contain.</summary>
    public string Filter
    {
        get => _filter.Value;
        set => _filter.OnNext(value);
    }

    /// <summary>Asks the server to cut all connections, this one too.</summary>
    public async Task DropConnectionsAsync()
    {
        using HttpResponseMessage response = await _client.PostAsync(new Uri("drop", UriKind.Relative), content: null)
            .ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
    }

    private static IReadOnlyList<InstrumentViewModel> Matching(
        ImmutableList<InstrumentViewModel> instruments, string filter) =>
    [
        .. instruments.Where(instrument =>
            instrument.Symbol.Contains(filter.Trim(), StringComparison.OrdinalIgnoreCase)),
    ];

    private void Add(InstrumentViewModel instrument)
    {
        Keep(instrument);
        _instruments.OnNext(
            [.. _instruments.Value.Add(instrument).OrderBy(each => each.Symbol, StringComparer.Ordinal)]);
        Selected ??= instrument;
    }
}
