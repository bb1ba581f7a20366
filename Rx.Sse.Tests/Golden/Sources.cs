using System.Globalization;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Text;

namespace Rx.Sse.Tests.Golden;

/// <summary>What a client can subscribe to.</summary>
internal static class Sources
{
    public static IObservable<object> Signals(Stage stage) =>
        Observable.FromSseSignals(stage.Client, stage.Request, stage.Options, stage.Clock);

    /// <summary>Signals without their delays, for policies with jitter.</summary>
    public static IObservable<object> SignalsWithoutDelays(Stage stage) =>
        Signals(stage).Select(
            value => value is SseDisconnected disconnected ? disconnected with { Delay = null } : value);

    public static IObservable<object> Events(Stage stage) =>
        Observable.FromSse(stage.Client, stage.Request, stage.Options, stage.Clock);

    /// <summary>Everything that a selector sees of an event.</summary>
    public static IObservable<object> Typed(Stage stage) => Typed(e =>
    {
        string retry = e.Retry?.ToString("c", CultureInfo.InvariantCulture) ?? "-";
        string type = e.HasEvent ? Text(e.Event) : "-", id = e.HasId ? Text(e.Id) : "-";
        return $"{Text(e.EventType)} event={type} id={id} last={Text(e.LastEventId)} data={Text(e.Data)} retry={retry}";
    })(stage);

    public static Func<Stage, IObservable<object>> Typed(SseSelector<string> selector) =>
        stage => Observable.FromSse(stage.Client, stage.Request, selector, stage.Options, stage.Clock);

    /// <summary>A response to a request that the client has sent itself.</summary>
    public static IObservable<object> Response(Stage stage) =>
        FromResponse(
            stage,
            response => Task.FromResult<IObservable<object>>(response.ToSseObservable(stage.Options, stage.Clock)));

    /// <summary>The body of such a response, whatever the response is.</summary>
    public static IObservable<object> Body(Stage stage) =>
        FromResponse(stage, async response =>
        {
            Stream body = await response.Content.ReadAsStreamAsync().ConfigureAwait(false);
            return body.ToSseObservable(stage.Options, stage.Clock);
        });

    /// <summary>The <c>ParseSse</c> operator, over chunks that arrive one by one.</summary>
    public static Func<Stage, IObservable<object>> Parse(IObservable<byte[]> chunks, SseOptions? options = null) =>
        _ => chunks.Select(chunk => new ReadOnlyMemory<byte>(chunk)).ParseSse(options);

    public static string Text(ReadOnlySpan<byte> utf8) => TraceText.Quote(Encoding.UTF8.GetString(utf8));

    /// <summary>Does not use Rx's bridge from tasks, which may continue on another thread.</summary>
    private static IObservable<object> FromResponse(
        Stage stage,
        Func<HttpResponseMessage, Task<IObservable<object>>> open) => Observable.Create<object>(observer =>
        {
            var subscription = new SerialDisposable();
            _ = SubscribeAsync();
            return subscription;

            async Task SubscribeAsync()
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/stream");
                HttpResponseMessage response = await stage.Client
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
                    .ConfigureAwait(false);
                subscription.Disposable = (await open(response).ConfigureAwait(false)).SubscribeSafe(observer);
            }
        });
}
