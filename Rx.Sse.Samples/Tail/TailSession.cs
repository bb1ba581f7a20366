using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Polly;
using Rx.Sse.Samples.Tail.Output;

namespace Rx.Sse.Samples.Tail;

/// <summary>Follows a stream as the options say, from the first request to the last event.</summary>
internal sealed class TailSession(Uri url, TailOptions options, IScreen screen, IScheduler scheduler)
{
    private static readonly TimeSpan BetweenRefreshes = TimeSpan.FromMilliseconds(250);

    private bool _wasOpen;

    /// <summary>The events that have been written.</summary>
    public IObservable<SseEvent> Follow(HttpClient client)
    {
        IObservable<Notification<object>> signals = Observable
            .FromSseSignals(client, SseRequest.Create(NewRequest), StreamOptions(), scheduler)
            .Cast<object>()
            .Materialize();
        IObservable<Notification<object>> ticks = Observable
            .Interval(BetweenRefreshes, scheduler)
            .Select(_ => Notification.CreateOnNext<object>(Unit.Default));
        IObservable<Notification<object>> end = options.Timeout is { } timeout
            ? Observable.Timer(timeout, scheduler).Select(_ => Notification.CreateOnCompleted<object>())
            : Observable.Never<Notification<object>>();

        // As notifications, because the first of them that ends is the end; merged, because only one at a time may
        // draw.
        IObservable<SseEvent> events = Observable.Merge(signals, ticks, end).Dematerialize()
            .Do(Show)
            .OfType<SseEvent>()
            .Where(e => options.Events.Count == 0 || options.Events.Contains(e.EventType))
            .Do(screen.Write)
            .Do(e => options.SinceFile?.Write(e.LastEventId));
        return options.Count is { } count ? events.Take(count) : events;
    }

    /// <param name="news">A signal, or that time has passed.</param>
    private void Show(object news)
    {
        _wasOpen |= news is SseOpened;
        if (news is Unit)
            screen.Refresh();
        else if (news is SseSignal signal and not SseEvent)
            screen.Show(signal);
    }

    private HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (RequestHeader header in options.Headers)
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return request;
    }

    private SseOptions StreamOptions() => new()
    {
        LastEventId = options.LastEventId,
        IdleTimeout = options.IdleTimeout,
        Reconnection = options.Retries switch
        {
            null => SseReconnection.Default with
            {
                // An address that has never worked is more likely wrong than down.
                ShouldHandle = failure => _wasOpen
                    ? SseReconnection.Default.ShouldHandle(failure)
                    : PredicateResult.False(),
            },
            0 => SseReconnection.Never,
            { } retries => SseReconnection.Default with { MaxRetryAttempts = retries },
        },
    };
}
