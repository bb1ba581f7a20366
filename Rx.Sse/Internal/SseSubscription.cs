using System.Net;
using System.Reactive.Concurrency;
using System.Runtime.ExceptionServices;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Internal;

/// <summary>
/// One subscription to a stream: connects, reads until the connection ends, and asks the pipeline whether and when to
/// connect again, until the stream ends or the subscriber leaves. All of it is one asynchronous loop, so nothing in it
/// happens at the same time as anything else; only <see cref="Dispose"/> comes from outside.
/// </summary>
internal sealed class SseSubscription : IDisposable
{
    /// <summary>A connection that stayed open for so long has worked, even if it brought no event.</summary>
    private static readonly TimeSpan StableConnection = TimeSpan.FromSeconds(30);

    private readonly SseStream _stream;
    private readonly SseDecoder _decoder;
    private readonly SseConnector _connector;
    private readonly ResponseReader _reader;
    private readonly FailureRun _failures = new();

    /// <summary>Cancels whatever is pending: the request, the read or the wait. Holds no timer, so it needs no disposal.</summary>
    private readonly CancellationTokenSource _disposal = new();

    /// <summary>The present outage has got as far as trying to connect.</summary>
    private bool _hasTriedToConnect;

    /// <summary>The connection that the last attempt opened: to be closed if the pipeline comes back without it.</summary>
    private HttpResponseMessage? _opened;

    public SseSubscription(SseStream stream, SseDecoder decoder)
    {
        _stream = stream;
        _decoder = decoder;
        _connector = stream.NewConnector();
        _reader = new ResponseReader(stream.Time, stream.Options.IdleTimeout, stream.Options.MaxEventSize);
    }

    /// <summary>RFC 9110, section 9.2.1: a safe request may be sent again. Any other only if the caller asks for it.</summary>
    private bool MayResend =>
        _connector.HasSafeMethod || _stream.Options.EndOfStream == SseEndOfStream.Reconnect;

    private SseEndOfStream EndOfStream =>
        _stream.Options.EndOfStream ?? (_connector.HasSafeMethod ? SseEndOfStream.Reconnect : SseEndOfStream.Complete);

    public void Start()
    {
        using (NoSynchronizationContext.Enter())
            _ = RunAsync();
    }

    public void Dispose()
    {
        _decoder.Stop();
        using (NoSynchronizationContext.Enter())
            _disposal.Cancel();
    }

    private async Task RunAsync()
    {
        try
        {
            Exception? error = await StreamAsync().ConfigureAwait(false);
            _decoder.Finish(error is null ? null : Failure.ForObserver(error));
        }
        catch (Exception exception)
        {
            // The observer threw. As from any of Rx's asynchronous sources, that comes out of the scheduler.
            _decoder.Stop();
            _stream.Scheduler.Schedule(ExceptionDispatchInfo.Capture(exception).Throw);
        }
    }

    /// <summary>Connection after connection. Returns the error that ended the stream; null if it completed or was stopped.</summary>
    private async Task<Exception?> StreamAsync()
    {
        Exception? loss = null;
        while (true)
        {
            Outcome<HttpResponseMessage> outcome = await ConnectAsync(loss).ConfigureAwait(false);
            if (outcome.Exception is { } error)
                return IsDeclinedEnd(error) ? null : error;

            HttpResponseMessage response = outcome.Result!;
            try
            {
                if (_decoder.IsStopped || response.StatusCode == HttpStatusCode.NoContent)
                    return null;
                loss = await ReadAsync(response).ConfigureAwait(false);
            }
            finally
            {
                SseConnector.Close(response);
            }

            switch (loss)
            {
                case null:
                case SseEndOfStreamException when EndOfStream == SseEndOfStream.Complete:
                    return null;
                case SseLimitException:
                case SseEndOfStreamException when EndOfStream == SseEndOfStream.Fail:
                case not null when !MayResend:
                    return loss;
            }
        }
    }

    /// <summary>One outage, up to the next open connection: one execution of the pipeline.</summary>
    private async Task<Outcome<HttpResponseMessage>> ConnectAsync(Exception? loss)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(_disposal.Token);
        _failures.ReconnectionTime = _decoder.ReconnectionTime;
        _failures.BeginOutage(context, loss);
        _hasTriedToConnect = false;
        _opened = null;
        Outcome<HttpResponseMessage> outcome;
        try
        {
            outcome = await _stream.Pipeline
                .ExecuteOutcomeAsync(static (context, self) => self.AttemptAsync(context.CancellationToken), context, this)
                .ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A strategy of the caller's threw something of its own.
            outcome = Outcome.FromException<HttpResponseMessage>(exception);
        }

        if (outcome is { Exception: null, Result: null })
            outcome = Outcome.FromException<HttpResponseMessage>(new SseException("The reconnection pipeline returned no response."));

        ResilienceContextPool.Shared.Return(context);
        if (_opened is not null && _opened != outcome.Result)
            SseConnector.Close(_opened);
        return outcome;
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(CancellationToken cancellation)
    {
        if ((_failures.TakeLoss() ?? _failures.Final) is { } failure)
            return Outcome.FromException<HttpResponseMessage>(failure);

        _hasTriedToConnect = true;
        try
        {
            _opened = await _connector.ConnectAsync(_decoder.LastEventId.Text, cancellation).ConfigureAwait(false);
            return Outcome.FromResult(_opened);
        }
        catch (Exception exception)
        {
            if (!MayResend)
                _failures.Final = exception;
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    private async Task<Exception?> ReadAsync(HttpResponseMessage response)
    {
        long opened = _stream.Time.GetTimestamp();
        _decoder.BeginConnection();
        Exception? loss = await _reader.ReadAsync(response.Content, _decoder, _disposal.Token).ConfigureAwait(false);
        if (_decoder.HasDispatched || _stream.Time.GetElapsedTime(opened) >= StableConnection)
            _failures.Recover();
        return loss;
    }

    /// <summary>The stream ended in good order and the policy did not even try to reconnect: that is a completion.</summary>
    private bool IsDeclinedEnd(Exception error) =>
        error is SseEndOfStreamException && !_hasTriedToConnect && _failures.Count == 0;
}
