using System.Net;
using Polly;
using Rx.Sse.Diagnostics;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>
/// A subscription to a stream: connects, reads until the connection ends, and asks the pipeline whether and when to
/// connect again, until the stream ends or the subscriber leaves.
/// </summary>
internal sealed class StreamSubscription : Subscription, IRequestListener, IFailureListener
{
    /// <summary>A connection that stayed open for so long has worked, even if it brought no event.</summary>
    private static readonly TimeSpan StableConnection = TimeSpan.FromSeconds(30);

    private readonly SseConnector _connector;

    /// <summary>The caller's; a preset's from the first time on that there is something to ask it.</summary>
    private ResiliencePipeline<HttpResponseMessage>? _pipeline;

    /// <summary>The failures so far, for the pipeline; null until there is something to ask it.</summary>
    private FailureRun? _failures;

    /// <summary>There was an attempt to connect since the last connection that was read.</summary>
    private bool _hasTriedToConnect;

    /// <summary>The connection that the last attempt opened: to be closed if the pipeline comes back without it.</summary>
    private HttpResponseMessage? _opened;

    /// <summary>The pipeline came back without a connection: what it said is how the stream ends.</summary>
    private bool _isGivenUp;

    /// <summary>When the present connection was opened.</summary>
    private long _openedAt;

    public StreamSubscription(SseStream stream, ObserverSink sink)
        : base(sink, stream.Options, stream.Scheduler, stream.Time)
    {
        _pipeline = stream.CallersPipeline;
        _connector = stream.NewConnector(this);
    }

    /// <summary>RFC 9110, section 9.2.1: a safe request may be sent again. Any other only if the caller asks for it.</summary>
    private bool MayResend =>
        _connector.HasSafeMethod || Options.EndOfStream == SseEndOfStream.Reconnect;

    private SseEndOfStream EndOfStream =>
        Options.EndOfStream ?? (_connector.HasSafeMethod ? SseEndOfStream.Reconnect : SseEndOfStream.Complete);

    void IRequestListener.OnSending(Uri? address, string lastEventId)
    {
        Diagnostics.Sending(address, lacksLastEventId: lastEventId != Sink.LastEventId.Text);
        if (Sink.WantsSignals)
            Deliver(new SseConnecting { Address = address, LastEventId = lastEventId });
    }

    void IFailureListener.OnDisconnected(SseDisconnected disconnected)
    {
        Diagnostics.Disconnected(disconnected);
        Deliver(disconnected);
    }

    /// <summary>
    /// The first attempt asks no pipeline that has only strategies of this library's: they let it pass, and have something to say
    /// only once it has failed. Then its failure begins an outage, as the loss of a connection does.
    /// </summary>
    protected override ValueTask<ConnectResult> OpenAsync(Exception? loss)
    {
        if (loss is not null || !Options.HasPreset)
            return ExecutePipelineAsync(loss);
        return Sink.IsStopped ? default : ConnectAsync(Disposal);
    }

    protected override ConnectResult Settle(ConnectResult opened)
    {
        if (_failures is null && opened.Error is { } failure)
            FailAttempt(failure);
        if (opened.Response is not { } response)
            return Sink.IsStopped ? default : opened;

        if (Sink.IsStopped || response.StatusCode == HttpStatusCode.NoContent)
        {
            SseConnector.Close(response);
            Diagnostics.EndConnection(null);
            return default;
        }

        _hasTriedToConnect = false;
        _openedAt = Time.GetTimestamp();
        return opened;
    }

    protected override bool IsOver(Exception? end, out Exception? error)
    {
        if (_isGivenUp)
        {
            error = IsDeclinedEnd(end) ? null : end;
            return true;
        }

        if (_hasTriedToConnect)
        {
            // The first attempt has failed; what comes of that, the pipeline says.
            error = end;
            return end is null;
        }

        if (Sink.EventCount > 0 || Time.GetElapsedTime(_openedAt) >= StableConnection)
            _failures?.Recover();

        bool isEndOfStream = end is SseEndOfStreamException;
        error = isEndOfStream && EndOfStream == SseEndOfStream.Complete ? null : end;
        return error is null or SseLimitException || !MayResend || isEndOfStream && EndOfStream == SseEndOfStream.Fail;
    }

    /// <summary>
    /// One outage, up to the next open connection: one execution of the pipeline. Strategies of the caller's may throw
    /// something of their own, and a response that one has put in the place of the server's is checked like those.
    /// </summary>
    private async ValueTask<ConnectResult> ExecutePipelineAsync(Exception? loss)
    {
        _pipeline ??= Pipelines.For(Options.Reconnection, Time);
        _failures ??= new FailureRun(this);
        _opened = null;
        ResilienceContext context = ResilienceContextPool.Shared.Get(Disposal);
        _failures.BeginOutage(context, loss, Sink.ReconnectionTime, Sink.LastEventId.Text, tellsStrategies: !Options.HasPreset);
        ConnectResult result;
        HttpResponseMessage? substitute = null;
        try
        {
            Outcome<HttpResponseMessage> outcome = await _pipeline
                .ExecuteOutcomeAsync(static (context, self) => self.AttemptAsync(context.CancellationToken), context, this)
                .ConfigureAwait(false);
            if (outcome.Result is { } response && response != _opened)
            {
                substitute = response;
                CloseOpened(null);
                if (!ResponseCheck.IsAccepted(response))
                    throw await ResponseCheck.ReadErrorAsync(response, Time, Disposal).ConfigureAwait(false);
            }

            result = outcome.Result is { } accepted
                ? new ConnectResult(accepted)
                : new ConnectResult(outcome.Exception ?? new SseException("The reconnection pipeline returned no response."));
        }
        catch (Exception exception)
        {
            if (substitute is not null)
                SseConnector.Close(substitute);
            result = new ConnectResult(exception);
        }

        if (result.Error is { } error)
            CloseOpened(error);
        ResilienceContextPool.Shared.Return(context);
        _failures.EndOutage();
        _isGivenUp = result.Response is null;
        return result;
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(CancellationToken cancellation)
    {
        CloseOpened(null);
        if (_failures!.BeginAttempt() is { } failure)
            return Outcome.FromException<HttpResponseMessage>(failure);

        ConnectResult result = await ConnectAsync(cancellation).ConfigureAwait(false);
        if (result.Response is not { } response)
        {
            FailAttempt(result.Error!);
            return Outcome.FromException<HttpResponseMessage>(result.Error!);
        }

        _opened = response;
        _failures.EndAttempt(failure: null);
        return Outcome.FromResult(response);
    }

    private ValueTask<ConnectResult> ConnectAsync(CancellationToken cancellation)
    {
        _hasTriedToConnect = true;
        return StreamDiagnostics.Listens ? ConnectTracedAsync(cancellation) : SendAsync(cancellation);
    }

    /// <summary>The same, with an activity: that of the request, but not of the observer, who gets back what was current before.</summary>
    private async ValueTask<ConnectResult> ConnectTracedAsync(CancellationToken cancellation)
    {
        Diagnostics.BeginConnection();
        return await SendAsync(cancellation).ConfigureAwait(false);
    }

    private ValueTask<ConnectResult> SendAsync(CancellationToken cancellation) =>
        _connector.ConnectAsync(Sink.LastEventId.Text, Options.EndOfStream == SseEndOfStream.Reconnect, cancellation);

    private void FailAttempt(Exception failure)
    {
        // A strategy that limits the time says so by cancelling the attempt; what it makes of that, only it knows.
        bool isTimeout = failure is OperationCanceledException && !Disposal.IsCancellationRequested;
        Exception reason = isTimeout ? new TimeoutException("A strategy gave the attempt up.", failure) : failure;
        Diagnostics.EndConnection(Disposal.IsCancellationRequested ? null : reason);
        _failures ??= new FailureRun(this);
        _failures.EndAttempt(reason);
        if (_connector.HasMessage && !MayResend)
            _failures.Final = reason;
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
    private bool IsDeclinedEnd(Exception? error) =>
        error is SseEndOfStreamException && !_hasTriedToConnect && !_failures!.HasReachedLimit;
}
