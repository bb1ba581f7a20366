using System.Net;
using System.Reactive.Concurrency;
using Rx.Sse.Http;

namespace Rx.Sse.Streams;

/// <summary>A subscription to <c>ToSseObservable</c>: one existing response, without reconnection.</summary>
internal sealed class ResponseSubscription(
    HttpResponseMessage response,
    bool isChecked,
    ObserverSink sink,
    SseOptions options,
    IScheduler scheduler,
    TimeProvider time) : Subscription(sink, options, scheduler, time)
{
    protected override bool ReconnectsAtEnd => false;

    protected override async Task<ConnectResult> OpenAsync(Exception? loss)
    {
        Diagnostics.SetAddress(response.RequestMessage?.RequestUri);
        Exception? error = null;
        try
        {
            if (!isChecked)
                error = await ResponseCheck.ErrorOfAsync(response, Options, Time, Disposal).ConfigureAwait(false);
            if (error is null && response.StatusCode != HttpStatusCode.NoContent)
                return new ConnectResult(response, null);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        Close(response);
        return new ConnectResult(null, error);
    }

    protected override void Close(HttpResponseMessage response) => SseConnector.CloseResponse(response);

    protected override bool OnConnectionEnded(ref Exception? end)
    {
        if (end is SseEndOfStreamException && Options.EndOfStream != SseEndOfStream.Fail)
            end = null;
        return true;
    }
}
