using System.ComponentModel;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace Rx.Sse.Tests.Documentation;

public sealed class PricesViewModel : INotifyPropertyChanged, IDisposable
{
    private readonly CompositeDisposable _subscriptions = [];

    public PricesViewModel(HttpClient client, SseOptions options, IScheduler scheduler)
    {
        IConnectableObservable<SseSignal> signals = Observable.FromSseSignals(client, "/prices", options, scheduler)
            .Publish();

        // State says that the stream has failed. Nothing else does.
        IObservable<string> prices = signals.Catch(Observable.Never<SseSignal>())
            .OfType<SseEvent>()
            .Select(e => e.Data);
        Bind(nameof(Price), prices.Throttle(TimeSpan.FromMilliseconds(100), scheduler), price => Price = price);
        Bind(nameof(PerSecond), prices.Buffer(TimeSpan.FromSeconds(1), scheduler), batch => PerSecond = batch.Count);

        IObservable<string> states = signals
            .Select(signal => signal switch
            {
                SseConnecting => Observable.Return("connecting"),
                SseDisconnected { Delay: { } delay } => Countdown(delay, scheduler),
                SseDisconnected => Observable.Return("offline"),
                _ => Observable.Return("live"),
            })
            .Switch()
            .Catch((SseException error) => Observable.Return($"failed: {error.Message}"))
            .DistinctUntilChanged();
        Bind(nameof(State), states, state => State = state);

        _subscriptions.Add(signals.Connect());
    }

    public event PropertyChangedEventHandler? PropertyChanged;

    /// <summary>The newest price, once there has been no newer one for a tenth of a second.</summary>
    public string Price { get; private set; } = "";

    /// <summary>How many prices came in the last second.</summary>
    public int PerSecond { get; private set; }

    /// <summary>Connecting, live, offline and for how long, or failed and why.</summary>
    public string State { get; private set; } = "";

    public void Dispose() => _subscriptions.Dispose();

    private static IObservable<string> Countdown(TimeSpan delay, IScheduler scheduler)
    {
        int seconds = (int)Math.Ceiling(delay.TotalSeconds);
        return Observable.Interval(TimeSpan.FromSeconds(1), scheduler)
            .Select(tick => tick + 1)
            .StartWith(0)
            .Take(seconds)
            .Select(passed => $"offline, next attempt in {seconds - passed} s");
    }

    private void Bind<T>(string property, IObservable<T> values, Action<T> set) =>
        _subscriptions.Add(values.Subscribe(value =>
        {
            set(value);
            PropertyChanged?.Invoke(this, new PropertyChangedEventArgs(property));
        }));
}
