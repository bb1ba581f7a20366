using System.Net;
using System.Reactive.Concurrency;
using Rx.Sse.Http;

namespace Rx.Sse.Internal;

/// <summary>A subscription to one response that is there already: read once, to its end.</summary>
internal sealed class ResponseSubscription(
    HttpResponseMessage response,
    bool isChecked,
    SseDecoder decoder,
    SseOptions options,
    IScheduler scheduler,
    TimeProvider time) : Subscription(decoder, options, scheduler, time)
{
    protected override ValueTask<ConnectResult> OpenAsync(Exception? loss)
    {
        // The observer runs within the subscriber's activity, not within the connection's.
        Diagnostics.BeginConnection().Dispose();
        Diagnostics.Found(response.RequestMessage?.RequestUri);
        return isChecked || ResponseCheck.IsAccepted(response) ? new(new ConnectResult(response)) : RefuseAsync();
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

    private async ValueTask<ConnectResult> RefuseAsync() =>
        new(await ResponseCheck.ReadErrorAsync(response, Time, Disposal).ConfigureAwait(false));
}
