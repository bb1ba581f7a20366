using System.Diagnostics;
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
    protected override async Task<(HttpResponseMessage? Response, Exception? Error)> OpenAsync(Exception? loss)
    {
        // The observer runs within the subscriber's activity, not within the connection's.
        Activity? subscriber = Activity.Current;
        Diagnostics.BeginConnection();
        Activity.Current = subscriber;
        Diagnostics.Found(response.RequestMessage?.RequestUri);
        if (isChecked)
            return (response, null);

        Exception? refusal = await CheckAsync().ConfigureAwait(false);
        if (refusal is null && response.StatusCode != HttpStatusCode.NoContent)
            return (response, null);

        SseConnector.Close(response);
        Diagnostics.EndConnection(refusal);
        return (null, refusal);
    }

    protected override bool IsOver(Exception? end, out Exception? error)
    {
        error = end is SseEndOfStreamException && Options.EndOfStream != SseEndOfStream.Fail ? null : end;
        return true;
    }

    private async Task<Exception?> CheckAsync()
    {
        try
        {
            await ResponseCheck.CheckAsync(response, Time, Disposal).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
