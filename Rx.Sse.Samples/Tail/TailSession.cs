using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
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
        var request = new HttpRequestMessage(options.Method, url);
        if (options.Data is { } data)
            request.Content = new StringContent(data, Encoding.UTF8, "application/json");
        if (url.UserInfo.Length > 0)
        {
            byte[] credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo));
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(credentials));
        }

        foreach (RequestHeader header in options.Headers)
        {
            if (header.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
                request.Headers.Authorization = null;
            header.TryAddTo(request);
        }

        return request;
    }

    private SseOptions StreamOptions() => new()
    {
        LastEventId = options.LastEventId,
        IdleTimeout = options.IdleTimeout,
        Reconnection = Reconnection() with { ConfigureAttempt = LimitTimeToHeaders },
    };

    /// <summary>The idle timeout of the library begins with the headers.</summary>
    private void LimitTimeToHeaders(ResiliencePipelineBuilder<HttpResponseMessage> attempt)
    {
        if (options.IdleTimeout is { } timeout)
            attempt.AddTimeout(timeout);
    }

    private SseReconnection Reconnection() => options.Retries switch
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
    };
}
