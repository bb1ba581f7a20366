using System.Net;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Internal;

/// <summary>
/// A subscription to a stream: connects, reads until the connection ends, and asks the pipeline whether and when to
/// connect again, until the stream ends or the subscriber leaves.
/// </summary>
internal sealed class StreamSubscription : Subscription, IRequestListener, IFailureListener
{
    /// <summary>A connection that stayed open for so long has worked, even if it brought no event.</summary>
    private static readonly TimeSpan StableConnection = TimeSpan.FromSeconds(30);

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;
    private readonly bool _hasCallersStrategies;
    private readonly SseConnector _connector;
    private readonly FailureRun _failures;

    /// <summary>The pipeline's, while it is being executed.</summary>
    private ResilienceContext? _context;

    /// <summary>The present outage has got as far as trying to connect.</summary>
    private bool _hasTriedToConnect;

    /// <summary>The connection that the last attempt opened: to be closed if the pipeline comes back without it.</summary>
    private HttpResponseMessage? _opened;

    /// <summary>When the present connection was opened.</summary>
    private long _openedAt;

    public StreamSubscription(SseStream stream, SseDecoder decoder)
        : base(decoder, stream.Options, stream.Scheduler, stream.Time)
    {
        _pipeline = stream.Pipeline;
        _hasCallersStrategies = stream.HasCallersStrategies;
        _connector = stream.NewConnector(this);
        _failures = new FailureRun(this);
    }

    /// <summary>RFC 9110, section 9.2.1: a safe request may be sent again. Any other only if the caller asks for it.</summary>
    private bool MayResend =>
        _connector.HasSafeMethod || Options.EndOfStream == SseEndOfStream.Reconnect;

    private SseEndOfStream EndOfStream =>
        Options.EndOfStream ?? (_connector.HasSafeMethod ? SseEndOfStream.Reconnect : SseEndOfStream.Complete);

    void IRequestListener.OnSending(Uri? address, string lastEventId)
    {
        Diagnostics.Sending(address, lacksLastEventId: lastEventId != Decoder.LastEventId.Text);
        if (Decoder.WantsSignals)
            Deliver(new SseConnecting { Address = address, LastEventId = lastEventId });
    }

    void IFailureListener.OnDisconnected(SseDisconnected disconnected)
    {
        Diagnostics.Disconnected(disconnected);
        Deliver(disconnected);
    }

    /// <summary>One outage, up to the next open connection: one execution of the pipeline.</summary>
    protected override ValueTask<Outcome<HttpResponseMessage>> OpenAsync(Exception? loss)
    {
        _context = ResilienceContextPool.Shared.Get(Disposal);
        _failures.BeginOutage(_context, loss, Decoder.ReconnectionTime, Decoder.LastEventId.Text, _hasCallersStrategies);
        _hasTriedToConnect = false;
        _opened = null;
        return _hasCallersStrategies ? ExecuteCallersPipelineAsync(_context) : ExecutePipelineAsync(_context);
    }

    protected override (HttpResponseMessage? Response, Exception? Error) Settle(Outcome<HttpResponseMessage> outcome)
    {
        ResilienceContextPool.Shared.Return(_context!);
        _context = null;
        _failures.EndOutage();
        if (_opened != outcome.Result)
            CloseOpened(outcome.Exception);

        if (outcome.Exception is { } error)
            return (null, IsDeclinedEnd(error) ? null : error);

        HttpResponseMessage response = outcome.Result!;
        if (Decoder.IsStopped || response.StatusCode == HttpStatusCode.NoContent)
        {
            SseConnector.Close(response);
            Diagnostics.EndConnection(null);
            return (null, null);
        }

        _openedAt = Time.GetTimestamp();
        return (response, null);
    }

    protected override bool IsOver(Exception? end, out Exception? error)
    {
        if (Decoder.EventCount > 0 || Time.GetElapsedTime(_openedAt) >= StableConnection)
            _failures.Recover();

        bool isEndOfStream = end is SseEndOfStreamException;
        error = isEndOfStream && EndOfStream == SseEndOfStream.Complete ? null : end;
        return error is null or SseLimitException || !MayResend || isEndOfStream && EndOfStream == SseEndOfStream.Fail;
    }

    private ValueTask<Outcome<HttpResponseMessage>> ExecutePipelineAsync(ResilienceContext context) =>
        _pipeline.ExecuteOutcomeAsync(static (context, self) => self.AttemptAsync(context.CancellationToken), context, this);

    /// <summary>
    /// The same where strategies of the caller's take part: they may throw something of their own, and a response that
    /// one has put in the place of the server's is checked like those.
    /// </summary>
    private async ValueTask<Outcome<HttpResponseMessage>> ExecuteCallersPipelineAsync(ResilienceContext context)
    {
        HttpResponseMessage? substitute = null;
        try
        {
            Outcome<HttpResponseMessage> outcome = await ExecutePipelineAsync(context).ConfigureAwait(false);
            if (outcome is { Exception: null, Result: null })
                throw new SseException("The reconnection pipeline returned no response.");
            if (outcome.Result is null || outcome.Result == _opened)
                return outcome;

            substitute = outcome.Result;
            CloseOpened(null);
            await ResponseCheck.CheckAsync(substitute, Time, Disposal).ConfigureAwait(false);
            return outcome;
        }
        catch (Exception exception)
        {
            if (substitute is not null)
                SseConnector.Close(substitute);
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(CancellationToken cancellation)
    {
        CloseOpened(null);
        if (_failures.BeginAttempt() is { } failure)
            return Outcome.FromException<HttpResponseMessage>(failure);

        _hasTriedToConnect = true;
        Diagnostics.BeginConnection();
        try
        {
            _opened = await _connector
                .ConnectAsync(Decoder.LastEventId.Text, Options.EndOfStream == SseEndOfStream.Reconnect, cancellation)
                .ConfigureAwait(false);
            _failures.EndAttempt(failure: null);
            return Outcome.FromResult(_opened);
        }
        catch (Exception exception)
        {
            // A strategy that limits the time says so by cancelling the attempt; what it makes of that, only it knows.
            bool isTimeout = exception is OperationCanceledException && !Disposal.IsCancellationRequested;
            Exception reason = isTimeout ? new TimeoutException("A strategy gave the attempt up.", exception) : exception;
            Diagnostics.EndConnection(Disposal.IsCancellationRequested ? null : reason);
            _failures.EndAttempt(reason);
            if (_connector.HasMessage && !MayResend)
                _failures.Final = reason;
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    /// <summary>Closes a connection that was opened but is not going to be read.</summary>
    private void CloseOpened(Exception? reason)
    {
        if (_opened is null)
            return;
        SseConnector.Close(_opened);
        Diagnostics.EndConnection(reason);
        _opened = null;
    }

    /// <summary>The stream ended in good order and the policy did not even try to reconnect: that is a completion.</summary>
    private bool IsDeclinedEnd(Exception error) =>
        error is SseEndOfStreamException && !_hasTriedToConnect && !_failures.HasReachedLimit;
}
