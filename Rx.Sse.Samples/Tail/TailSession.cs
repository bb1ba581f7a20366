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

    /// <summary>
    /// The default policy, except that the first connection must succeed: an address that has never worked is more
    /// likely wrong than down.
    /// </summary>
    public static SseReconnection OnceConnected { get; } = SseReconnection.Default with
    {
        ShouldHandle = failure =>
            failure.Context.Properties.GetValue(SseResilienceKeys.Attempt, default).ConnectionCount > 0
                ? SseReconnection.Default.ShouldHandle(failure)
                : PredicateResult.False(),
    };

    /// <summary>Returns the events that have been written.</summary>
    public IObservable<SseEvent> Follow(HttpClient client)
    {
        IObservable<SseSignal> signals = Observable.FromSseSignals(
            client, SseRequest.Create(CreateRequest), CreateStreamOptions(), scheduler);

        // Before what writes, so that the event being written at that moment is written as a whole.
        if (options.Timeout is { } timeout)
            signals = signals.TakeUntil(Observable.Timer(timeout, scheduler));

        IObservable<SseEvent> events = signals
            .Do(ShowUnlessEvent)
            .OfType<SseEvent>()
            .Where(e => options.Events.Count == 0 || options.Events.Contains(e.EventType))
            .Do(screen.Write)
            .Do(e => options.SinceFile?.Write(e.LastEventId));
        if (options.Count is { } count)
            events = events.Take(count);
        return Observable.Using(
            () => Observable.Interval(BetweenRefreshes, scheduler).Subscribe(_ => screen.Refresh()), _ => events);
    }

    private void ShowUnlessEvent(SseSignal signal)
    {
        if (signal is not SseEvent)
            screen.Show(signal);
    }

    private HttpRequestMessage CreateRequest()
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

    private SseOptions CreateStreamOptions()
    {
        SseReconnection reconnection = options.Retries switch
        {
            null => OnceConnected,
            0 => SseReconnection.Never,
            { } retries => SseReconnection.Default with { MaxRetryAttempts = retries },
        };

        // SseOptions.IdleTimeout covers the time after the headers; this strategy covers the time before them.
        if (options.IdleTimeout is { } timeout)
            reconnection = reconnection with { ConfigureAttempt = attempt => attempt.AddTimeout(timeout) };
        return new SseOptions
        {
            LastEventId = options.LastEventId,
            IdleTimeout = options.IdleTimeout,
            Reconnection = reconnection,
        };
    }
}
