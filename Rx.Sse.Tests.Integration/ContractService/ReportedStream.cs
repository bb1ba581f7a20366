using System.Net.Http.Headers;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;

namespace Rx.Sse.Tests.Integration.ContractService;

/// <summary>
/// A stream that a test harness has opened. Each of its signals is posted to the callback address, in order, one at a
/// time.
/// </summary>
internal sealed class ReportedStream : IDisposable
{
    /// <summary>Synchronized, because each restart comes from a separate request.</summary>
    private readonly ISubject<Unit> _restarts = Subject.Synchronize(new Subject<Unit>());

    private readonly IDisposable _subscription;
    private string _lastEventId;
    private int _reports;

    private ReportedStream(HttpClient client, Uri callback, SseRequest request, SseOptions options)
    {
        _lastEventId = options.LastEventId;

        // Switching to a new subscription closes the old connection without a signal. The new one resumes after the
        // last event that has passed the switch.
        IObservable<object> signals = Observable.Defer(() => Observable
            .FromSseSignals(client, request, options with { LastEventId = _lastEventId })
            .Select(signal => (object)signal)
            .Catch((Exception error) => Observable.Return<object>(error)));
        _subscription = _restarts
            .StartWith(Unit.Default)
            .Select(_ => signals)
            .Switch()
            .Do(signal => _lastEventId = signal is SseEvent e ? e.LastEventId : _lastEventId)
            .Select(Report)
            .Where(report => report is not null)
            .Select(report => Observable.FromAsync(cancellation => PostAsync(client, callback, report!, cancellation)))
            .Concat()
            .Subscribe(_ => { }, _ => { /* The harness has gone. */ });
    }

    /// <summary>Subscribes to the stream that the parameters describe.</summary>
    /// <exception cref="ArgumentException">The parameters are invalid.</exception>
    public static ReportedStream Open(HttpClient client, StreamParameters parameters)
    {
        Uri url = Absolute(parameters.StreamUrl, "streamUrl");
        Uri callback = Absolute(parameters.CallbackUrl, "callbackUrl");
        var options = new SseOptions
        {
            LastEventId = parameters.LastEventId ?? "",
            EndOfStream = SseEndOfStream.Reconnect,
            Resend = SseResend.Always,
            IdleTimeout = Milliseconds(parameters.ReadTimeoutMs),
            Reconnection = SseReconnection.Strict with
            {
                UseJitter = false,
                Delay = Milliseconds(parameters.InitialDelayMs) ?? SseReconnection.Default.Delay,
            },
        };
        SseRequest request = SseRequest.Create(() => NewMessage(url, parameters));

        // Invalid parameters are rejected here, before anything is sent.
        NewMessage(url, parameters).Dispose();
        _ = Observable.FromSse(client, request, options);
        return new ReportedStream(client, callback, request, options);
    }

    public void Restart() => _restarts.OnNext(Unit.Default);

    public void Dispose() => _subscription.Dispose();

    private static HttpRequestMessage NewMessage(Uri url, StreamParameters parameters)
    {
        var message = new HttpRequestMessage(new HttpMethod(parameters.Method ?? "GET"), url);
        if (parameters.Body is not null)
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(parameters.Body));

        foreach ((string name, string value) in parameters.Headers ?? [])
        {
            if (message.Headers.TryAddWithoutValidation(name, value))
                continue;
            message.Content ??= new ByteArrayContent([]);
            if (!message.Content.Headers.TryAddWithoutValidation(name, value))
                throw new ArgumentException($"'{name}' is no header.");
        }

        return message;
    }

    private static object? Report(object signal) => signal switch
    {
        SseEvent e => new { kind = "event", @event = new { type = e.EventType, data = e.Data, id = e.LastEventId } },
        SseComment comment => new { kind = "comment", comment = comment.Text },
        SseDisconnected disconnected => Report(disconnected.Reason),
        Exception error => new { kind = "error", error = error.Message },
        _ => null,
    };

    private async Task<Unit> PostAsync(HttpClient client, Uri callback, object report, CancellationToken cancellation)
    {
        var address = new Uri($"{callback.OriginalString.TrimEnd('/')}/{++_reports}");
        using HttpResponseMessage response = await client.PostAsJsonAsync(address, report, cancellation);
        return Unit.Default;
    }

    private static TimeSpan? Milliseconds(double? value) =>
        value is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

    private static Uri Absolute(string? address, string name) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ArgumentException($"{name} is no absolute address.");
}
