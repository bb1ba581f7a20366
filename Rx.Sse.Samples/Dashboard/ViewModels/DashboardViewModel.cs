using System.Collections.Immutable;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>The page: one connection, and what is made of it.</summary>
public sealed class DashboardViewModel : ViewModel
{
    /// <summary>How long typing must have paused until the filter follows.</summary>
    public static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(300);

    private readonly HttpClient _client;
    private readonly BehaviorSubject<string> _filter = new("");
    private readonly BehaviorSubject<ImmutableList<InstrumentViewModel>> _instruments = new([]);

    /// <param name="client">Where the prices come from, at <c>prices</c>.</param>
    /// <param name="options">How to connect.</param>
    /// <param name="scheduler">For every delay.</param>
    public DashboardViewModel(HttpClient client, SseOptions options, IScheduler scheduler)
    {
        _client = client;

        // One subscription is one connection; everything below shares it.
        IConnectableObservable<SseSignal> signals = Observable.FromSseSignals(
            client, "prices", options, scheduler).Publish();
        Connection = new ConnectionViewModel(signals, scheduler);
        Keep(Connection);

        // That the stream has ended is told by the connection, and by nothing else.
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

    /// <summary>Those that match <see cref="Filter"/>, by name.</summary>
    public IReadOnlyList<InstrumentViewModel> Instruments { get; private set => Set(ref field, value); } = [];

    /// <summary>The one to show large; at first, the first that has come.</summary>
    public InstrumentViewModel? Selected { get; set => Set(ref field, value); }

    /// <summary>A part of the names to show.</summary>
    public string Filter
    {
        get => _filter.Value;
        set => _filter.OnNext(value);
    }

    /// <summary>Asks the server to break every connection, this one too.</summary>
    public async Task DropEverybodyAsync()
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
