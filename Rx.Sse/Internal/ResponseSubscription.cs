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
    protected override async Task<Exception?> StreamAsync()
    {
        // The observer runs within the subscriber's activity, not within the connection's.
        Activity? subscriber = Activity.Current;
        Diagnostics.BeginConnection();
        Activity.Current = subscriber;
        Diagnostics.Found(response.RequestMessage?.RequestUri);
        if (!isChecked)
        {
            Exception? refusal = await CheckAsync().ConfigureAwait(false);
            if (refusal is not null || response.StatusCode == HttpStatusCode.NoContent)
            {
                SseConnector.Close(response);
                Diagnostics.EndConnection(refusal);
                return refusal;
            }
        }

        Exception? end = await ReadAsync(response).ConfigureAwait(false);
        return end is SseEndOfStreamException && Options.EndOfStream != SseEndOfStream.Fail ? null : end;
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
