using System.Net;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>
/// The time without a connection: from the subscription or the loss of a connection, until the next one is open or the
/// stream ends. It is one execution of the pipeline, and has the state of that execution.
/// </summary>
/// <param name="stream">The subscription.</param>
/// <param name="signals">The signals of <c>ReconnectWhen</c>; null if it is not set.</param>
/// <param name="context">The context of the execution.</param>
/// <param name="loss">The reason why the last connection ended; null at the first connect.</param>
internal sealed class Outage(
    StreamSubscription stream, ReconnectSignals? signals, ResilienceContext context, Exception? loss) : IOutage
{
    /// <summary>The loss, until the reconnect strategy takes it.</summary>
    private Exception? _loss = loss;

    private SseAttempt _nextAttempt;

    /// <summary>The last failure that has been reported, or the loss.</summary>
    private Exception? _lastFailure;

    /// <summary>
    /// A failure that is not yet reported. It is reported before the next attempt, because a strategy that the caller
    /// has added may make that attempt.
    /// </summary>
    private Exception? _unreportedFailure;

    /// <summary>The connection that the last attempt has opened, until it is closed.</summary>
    private HttpResponseMessage? _openedResponse;

    /// <summary>1 while an attempt is being made.</summary>
    private int _isAttempting;

    private bool _hasAttempted;

    private bool _hasReachedLimit;

    public int FailureCount => stream.FailureCount;

    public TimeSpan? ReconnectionTime => stream.Sink.ReconnectionTime;

    public bool IsFinal { get; private set; }

    /// <summary>
    /// Executes the pipeline. Returns an open connection; otherwise, the stream ends, with the error if there is one.
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

            // A strategy around the outage may have returned a response that is not checked yet.
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

            // At the limit. Ended is called again, so that the counts include the unfinished event.
            bool isUnattempted = error is SseEndOfStreamException && !_hasAttempted;
            return new ConnectResult(
                null, isUnattempted && stream.DispatchUnterminated() ? stream.Connection.Ended(error) : error);
        }

        if (!stream.Sink.IsStopped && outcome.Result!.StatusCode != HttpStatusCode.NoContent)
            return new ConnectResult(outcome.Result, null);
        CloseOpened();
        return default;
    }

    Exception? IOutage.TakeLoss()
    {
        Exception? taken = _loss;
        if (taken is not null)
            _unreportedFailure = _lastFailure = taken;
        _loss = null;
        return taken;
    }

    public async ValueTask<Outcome<HttpResponseMessage>> CheckAsync(Outcome<HttpResponseMessage> outcome)
    {
        Exception? failure = outcome.Exception;
        if (outcome.Result is { } response)
        {
            if (response == _openedResponse)
                return outcome;

            // A strategy has replaced the response of the server.
            CloseOpened();
            _openedResponse = response;
            failure = await ResponseCheck
                .ErrorOfAsync(response, stream.Options, stream.Time, context.CancellationToken).ConfigureAwait(false);
            if (failure is null)
                return outcome;
        }

        failure ??= new SseException("The reconnection pipeline returned no response.");
        CloseOpened();
        _unreportedFailure = failure;
        return Outcome.FromException<HttpResponseMessage>(failure);
    }

    bool IOutage.MayRetry(int maxRetryAttempts)
    {
        _hasReachedLimit = FailureCount >= maxRetryAttempts;
        return !_hasReachedLimit && stream.Connector.MayConnectAgain;
    }

    bool IOutage.TakeSignal() => signals is not null && stream.Connector.MayConnectAgain && signals.Take();

    public void ReportRetry(Exception failure, TimeSpan? delay)
    {
        SseException reason = stream.Connection.ForObserver(failure);
        bool isRequest = failure is SseReconnectRequestedException;
        stream.FailureCount = isRequest ? 0 : Math.Min(FailureCount, int.MaxValue - 1) + 1;
        _unreportedFailure = null;
        _lastFailure = failure;
        SetAttempt(isRequest ? null : reason);
        stream.OnDisconnected(new SseDisconnected
        {
            Reason = reason,
            Delay = delay,
            Attempt = Math.Max(FailureCount, 1),
        });
    }

    async Task IOutage.WaitAsync(TimeSpan delay, TimeSpan minimum, CancellationToken cancellation)
    {
        if (signals is null)
        {
            await InlineDelay.WaitAsync(stream.Time, delay, cancellation).ConfigureAwait(false);
        }
        else if (await signals.WaitAsync(delay, minimum, cancellation).ConfigureAwait(false))
        {
            stream.FailureCount = 0;
            SetAttempt(failure: null);
        }
    }

    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(CancellationToken cancellation)
    {
        if (IsFinal)
            return Outcome.FromException<HttpResponseMessage>(_lastFailure!);
        if (Interlocked.Exchange(ref _isAttempting, 1) == 1)
        {
            return Outcome.FromException<HttpResponseMessage>(new InvalidOperationException(
                "A stream has one connection. "
                + "Strategies that run attempts in parallel, such as hedging, are not supported."));
        }

        try
        {
            if (_openedResponse is not null)
            {
                CloseOpened();
                _unreportedFailure = new SseException("The policy did not accept the response.");
            }

            // A strategy that the caller has added makes another attempt.
            if (_unreportedFailure is { } failure)
            {
                if (!stream.Connector.MayConnectAgain)
                    return EndStream(failure);
                ReportRetry(failure, delay: null);
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
            .ConnectAsync(_nextAttempt, stream.Sink.LastEventId.IsSet, cancellation).ConfigureAwait(false);
        bool isDisposed = stream.Disposal.IsCancellationRequested;

        // A timeout strategy cancels the attempt, and replaces this exception by its own.
        Exception? reason = result.Error is OperationCanceledException && !isDisposed
            ? new TimeoutException("A strategy gave the attempt up.", result.Error)
            : result.Error;
        stream.Diagnostics.Answered(result.Response?.StatusCode, isDisposed ? null : reason);
        if (result.Response is { } response)
        {
            _openedResponse = response;
            stream.ConnectionCount++;
            return Outcome.FromResult(response);
        }

        if (result.Error is not { } failure)
            return EndStream(_lastFailure!);
        _unreportedFailure = reason;
        return Outcome.FromException<HttpResponseMessage>(failure);
    }

    /// <summary>Ends the stream with a failure, because the request may not be sent again.</summary>
    private Outcome<HttpResponseMessage> EndStream(Exception failure)
    {
        IsFinal = true;
        _lastFailure = NotSentAgain(failure);
        return Outcome.FromException<HttpResponseMessage>(_lastFailure);
    }

    /// <summary>Returns the error of a stream whose request may not be sent again after the failure.</summary>
    internal static Exception NotSentAgain(Exception failure) =>
        failure is SseEndOfStreamException end ? end.NotSentAgain() : failure;

    private void SetAttempt(SseException? failure)
    {
        _nextAttempt = new SseAttempt
        {
            LastEventId = stream.Sink.LastEventId.Text,
            ConnectionCount = stream.ConnectionCount,
            FailureCount = FailureCount,
            Failure = failure,
        };
        context.Properties.Set(SseResilienceKeys.Attempt, _nextAttempt);
    }

    /// <summary>Closes a connection that was opened but will not be read.</summary>
    private void CloseOpened()
    {
        if (_openedResponse is null)
            return;
        stream.Connector.Close(_openedResponse);
        _openedResponse = null;
    }

    /// <summary>
    /// Determines whether the policy has declined to reconnect after a regular end, which completes the stream.
    /// </summary>
    private bool IsDeclinedEnd(Exception error) =>
        error is SseEndOfStreamException && !_hasAttempted && !_hasReachedLimit && !IsFinal;
}
