using System.Net;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>
/// The time without a connection: from the loss of one, or the subscription, until the next one is open or the stream
/// ends. It is one execution of the pipeline.
/// </summary>
/// <param name="stream">The subscription.</param>
/// <param name="requests">Null without <c>ReconnectWhen</c>.</param>
/// <param name="context">The context of the execution.</param>
/// <param name="loss">Why the last connection ended; null at the first connect.</param>
internal sealed class Outage(
    StreamSubscription stream, ReconnectRequests? requests, ResilienceContext context, Exception? loss) : IOutage
{
    /// <summary>The loss, until the strategy has taken it.</summary>
    private Exception? _loss = loss;

    private SseAttempt _attempt;

    /// <summary>The last failure that another attempt follows; the loss until it has been reported.</summary>
    private Exception? _failure;

    /// <summary>
    /// A failure that is not yet reported. It is reported if a strategy other than this library's makes another
    /// attempt.
    /// </summary>
    private Exception? _unreported;

    /// <summary>The connection that the last attempt opened.</summary>
    private HttpResponseMessage? _opened;

    /// <summary>1 while an attempt is being made.</summary>
    private int _isAttempting;

    private bool _hasAttempted;

    private bool _hasReachedLimit;

    public int FailureCount => stream.FailureCount;

    public TimeSpan? ReconnectionTime => stream.Sink.ReconnectionTime;

    public bool IsFinal { get; private set; }

    /// <summary>
    /// Executes the pipeline. Returns an open connection, or how the stream ends: with an error, or without one.
    /// </summary>
    public async ValueTask<ConnectResult> RunAsync(ResiliencePipeline<HttpResponseMessage> pipeline)
    {
        context.Properties.Set(ReconnectStrategy.OutageKey, this);
        context.Properties.Set(SseResilienceKeys.ReconnectionTime, ReconnectionTime);
        SetAttempt(failure: null);
        Outcome<HttpResponseMessage> outcome;
        try
        {
            outcome = await pipeline
                .ExecuteOutcomeAsync(
                    static (context, outage) => outage.AttemptAsync(context.CancellationToken), context, this)
                .ConfigureAwait(false);

            // Strategies around the outage may return a response, too.
            outcome = await CheckAsync(outcome).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            CloseOpened();
            outcome = Outcome.FromException<HttpResponseMessage>(exception);
        }

        if (outcome.Exception is { } error)
        {
            if (IsDeclinedEnd(error))
            {
                stream.DispatchUnterminated();
                return default;
            }

            // At the limit; the counts include what is dispatched.
            bool isUnattempted = error is SseEndOfStreamException && !_hasAttempted;
            return new ConnectResult(
                isUnattempted && stream.DispatchUnterminated() ? stream.Connection.Ended(error) : error);
        }

        if (!stream.Sink.IsStopped && outcome.Result!.StatusCode != HttpStatusCode.NoContent)
            return new ConnectResult(outcome.Result);
        CloseOpened();
        return default;
    }

    Exception? IOutage.TakeLoss()
    {
        Exception? taken = _loss;
        if (taken is not null)
            _unreported = _failure = taken;
        _loss = null;
        return taken;
    }

    public async ValueTask<Outcome<HttpResponseMessage>> CheckAsync(Outcome<HttpResponseMessage> outcome)
    {
        Exception? failure = outcome.Exception;
        if (outcome.Result is { } response)
        {
            if (response == _opened)
                return outcome;

            // A strategy has put it in the place of the server's.
            CloseOpened();
            _opened = response;
            failure = await ResponseCheck
                .ErrorOfAsync(response, stream.Options, stream.Time, context.CancellationToken).ConfigureAwait(false);
            if (failure is null)
                return outcome;
        }

        failure ??= new SseException("The reconnection pipeline returned no response.");
        CloseOpened();
        _unreported = failure;
        return Outcome.FromException<HttpResponseMessage>(failure);
    }

    bool IOutage.MayRetry(int maxRetryAttempts)
    {
        _hasReachedLimit = FailureCount >= maxRetryAttempts;
        return !_hasReachedLimit && stream.Connector.MayConnectAgain;
    }

    bool IOutage.TakeRequest() => requests is not null && stream.Connector.MayConnectAgain && requests.Take();

    void IOutage.Retry(Exception failure, TimeSpan delay) => Report(failure, delay);

    async Task IOutage.WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation)
    {
        if (requests is null)
        {
            await InlineDelay.WaitAsync(stream.Time, delay, cancellation).ConfigureAwait(false);
        }
        else if (await requests.WaitAsync(delay, minimum, cancellation).ConfigureAwait(false))
        {
            stream.FailureCount = 0;
            SetAttempt(failure: null);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(CancellationToken cancellation)
    {
        if (IsFinal)
            return Outcome.FromException<HttpResponseMessage>(_failure!);
        if (Interlocked.Exchange(ref _isAttempting, 1) == 1)
        {
            return Outcome.FromException<HttpResponseMessage>(new InvalidOperationException(
                "A stream has one connection. "
                + "Strategies that run attempts in parallel, such as hedging, are not supported."));
        }

        try
        {
            if (_opened is not null)
            {
                CloseOpened();
                _unreported = new SseException("The policy did not accept the response.");
            }

            // A strategy that is not ours has decided to try again.
            if (_unreported is { } failure)
            {
                if (!stream.Connector.MayConnectAgain)
                    return Final(failure);
                Report(failure, delay: null);
            }

            return await ConnectAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isAttempting, 0);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> ConnectAsync(CancellationToken cancellation)
    {
        _hasAttempted = true;
        ConnectResult result = await stream.Connector
            .ConnectAsync(_attempt, stream.Sink.LastEventId.IsSet, cancellation).ConfigureAwait(false);
        bool isDisposed = stream.Disposal.IsCancellationRequested;

        // A strategy that limits the time cancels the attempt, and decides itself which exception that becomes.
        Exception? reason = result.Error is OperationCanceledException && !isDisposed
            ? new TimeoutException("A strategy gave the attempt up.", result.Error)
            : result.Error;
        stream.Diagnostics.Answered(result.Response?.StatusCode, isDisposed ? null : reason);
        if (result.Response is { } response)
        {
            _opened = response;
            stream.ConnectionCount++;
            return Outcome.FromResult(response);
        }

        if (result.Error is not { } failure)
            return Final(_failure!);
        _unreported = reason;
        return Outcome.FromException<HttpResponseMessage>(failure);
    }

    /// <summary>Ends the stream with the failure, because nothing more may be sent.</summary>
    private Outcome<HttpResponseMessage> Final(Exception failure)
    {
        IsFinal = true;
        _failure = NotSentAgain(failure);
        return Outcome.FromException<HttpResponseMessage>(_failure);
    }

    /// <summary>Gets the error of a stream whose request may not be sent again after the failure.</summary>
    internal static Exception NotSentAgain(Exception failure) =>
        failure is SseEndOfStreamException end ? end.NotSentAgain() : failure;

    /// <summary>Counts a failure that another attempt follows, and reports it to the observer.</summary>
    private void Report(Exception failure, TimeSpan? delay)
    {
        SseException reason = stream.Connection.ForObserver(failure);
        bool isRequest = failure is SseReconnectRequestedException;
        stream.FailureCount = isRequest ? 0 : Math.Min(FailureCount, int.MaxValue - 1) + 1;
        _unreported = null;
        _failure = failure;
        SetAttempt(isRequest ? null : reason);
        stream.OnDisconnected(new SseDisconnected
        {
            Reason = reason,
            Delay = delay,
            Attempt = Math.Max(FailureCount, 1),
        });
    }

    private void SetAttempt(SseException? failure)
    {
        _attempt = new SseAttempt
        {
            LastEventId = stream.Sink.LastEventId.Text,
            ConnectionCount = stream.ConnectionCount,
            FailureCount = FailureCount,
            Failure = failure,
        };
        context.Properties.Set(SseResilienceKeys.Attempt, _attempt);
    }

    /// <summary>Closes a connection that was opened but is not going to be read.</summary>
    private void CloseOpened()
    {
        if (_opened is null)
            return;
        stream.Connector.Close(_opened);
        _opened = null;
    }

    /// <summary>The response ended regularly, and the policy did not try to reconnect: that is a completion.</summary>
    private bool IsDeclinedEnd(Exception error) =>
        error is SseEndOfStreamException && !_hasAttempted && !_hasReachedLimit && !IsFinal;
}
