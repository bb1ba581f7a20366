using System.Diagnostics;
using System.Net;
using System.Reactive.Concurrency;
using Polly;
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
    protected override ValueTask<Outcome<HttpResponseMessage>> OpenAsync(Exception? loss)
    {
        // The observer runs within the subscriber's activity, not within the connection's.
        Activity? subscriber = Activity.Current;
        try
        {
            Diagnostics.BeginConnection();
        }
        finally
        {
            Activity.Current = subscriber;
        }

        Diagnostics.Found(response.RequestMessage?.RequestUri);
        return isChecked ? Outcome.FromResultAsValueTask(response) : CheckAsync();
    }

    protected override (HttpResponseMessage? Response, Exception? Error) Settle(Outcome<HttpResponseMessage> outcome)
    {
        if (outcome.Exception is null && response.StatusCode != HttpStatusCode.NoContent)
            return (response, null);

        SseConnector.Close(response);
        Diagnostics.EndConnection(outcome.Exception);
        return (null, outcome.Exception);
    }

    protected override bool IsOver(Exception? end, out Exception? error)
    {
        error = end is SseEndOfStreamException && Options.EndOfStream != SseEndOfStream.Fail ? null : end;
        return true;
    }

    private async ValueTask<Outcome<HttpResponseMessage>> CheckAsync()
    {
        try
        {
            await ResponseCheck.CheckAsync(response, Time, Disposal).ConfigureAwait(false);
            return Outcome.FromResult(response);
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }
}
