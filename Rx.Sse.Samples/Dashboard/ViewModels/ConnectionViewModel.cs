using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace Rx.Sse.Samples.Dashboard.ViewModels;

/// <summary>The badge: whether the stream is live and, if not, when the next attempt is and why.</summary>
public sealed class ConnectionViewModel : ViewModel
{
    /// <summary>The interval at which the countdown changes.</summary>
    public static readonly TimeSpan CountdownStep = TimeSpan.FromMilliseconds(100);

    public ConnectionViewModel(IObservable<SseSignal> signals, IScheduler scheduler)
    {
        IObservable<SseSignal> changes = signals.Where(signal => signal is not (SseEvent or SseComment));
        Keep(changes
            .Select(change => Describe(change, scheduler))
            .Concat(Observable.Return(Observable.Return(new ConnectionStatus(ConnectionState.Completed))))
            .Switch()
            .Catch((SseException error) =>
                Observable.Return(new ConnectionStatus(ConnectionState.Failed) { Reason = error.Message }))
            .Subscribe(status => Status = status));

        Keep(changes
            .Catch(Observable.Never<SseSignal>())
            .Timestamp(scheduler)
            .Scan((Lost: (DateTimeOffset?)null, Over: (Outage?)null), (outage, change) => change.Value switch
            {
                SseDisconnected => (outage.Lost ?? change.Timestamp, null),
                SseOpened when outage.Lost is { } lost => (null, new Outage(lost, change.Timestamp)),
                _ => (outage.Lost, null),
            })
            .Where(outage => outage.Over is not null)
            .Subscribe(outage => Outages = [.. Outages, outage.Over!]));
    }

    public ConnectionStatus Status { get; private set => Set(ref field, value); } = new(ConnectionState.Connecting);

    /// <summary>The outages that are over.</summary>
    public IReadOnlyList<Outage> Outages { get; private set => Set(ref field, value); } = [];

    private static IObservable<ConnectionStatus> Describe(SseSignal change, IScheduler scheduler) => change switch
    {
        SseDisconnected { Delay: { } delay } lost => Countdown(lost, delay, scheduler),
        SseOpened => Observable.Return(new ConnectionStatus(ConnectionState.Live)),
        SseConnecting => Observable.Return(new ConnectionStatus(ConnectionState.Connecting)),
        // There is no further attempt. The end of the signals shows that.
        _ => Observable.Empty<ConnectionStatus>(),
    };

    private static IObservable<ConnectionStatus> Countdown(
        SseDisconnected lost, TimeSpan delay, IScheduler scheduler) =>
        Observable
        .Interval(CountdownStep, scheduler)
        .Select(step => delay - (step + 1) * CountdownStep)
        .StartWith(delay)
        .TakeWhile(left => left >= TimeSpan.Zero)
        .Select(
            left => new ConnectionStatus(ConnectionState.Waiting)
            {
                Left = left,
                Delay = delay,
                Attempt = lost.Attempt,
                Reason = lost.Reason.Message,
            });
}
