using System.Net;
using System.Reactive.Concurrency;
using Rx.Sse.Http;

namespace Rx.Sse.Streams;

/// <summary>A subscription to one response that is there already: read once, to its end.</summary>
internal sealed class ResponseSubscription(
    HttpResponseMessage response,
    bool isChecked,
    ObserverSink sink,
    SseOptions options,
    IScheduler scheduler,
    TimeProvider time) : Subscription(sink, options, scheduler, time)
{
    protected override async ValueTask<ConnectResult> OpenAsync(Exception? loss)
    {
        Diagnostics.BeginConnection();
        Diagnostics.Found(response.RequestMessage?.RequestUri);
        try
        {
            return isChecked || ResponseCheck.IsAccepted(response)
                ? new ConnectResult(response)
                : new ConnectResult(await ResponseCheck.ReadErrorAsync(response, Time, Disposal).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            return new ConnectResult(exception);
        }
    }

    protected override ConnectResult Settle(ConnectResult opened)
    {
        if (opened.Error is null && response.StatusCode != HttpStatusCode.NoContent)
            return opened;

        SseConnector.Close(response);
        Diagnostics.EndConnection(opened.Error);
        return opened.Error is null ? default : opened;
    }

    protected override bool IsOver(Exception? end, out Exception? error)
    {
        error = end is SseEndOfStreamException && Options.EndOfStream != SseEndOfStream.Fail ? null : end;
        return true;
    }
}
