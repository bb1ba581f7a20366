using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;
using Rx.Sse.Diagnostics;
using Rx.Sse.Http;
using Rx.Sse.Parsing;
using Rx.Sse.Reconnection;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>
/// A subscription to something that reads. All it does is one asynchronous loop, so nothing in it happens at the same
/// time as anything else; only <see cref="Dispose"/> comes from outside.
/// </summary>
internal abstract class Subscription : IDisposable, ISseFeed
{
    private readonly IScheduler _scheduler;
    private readonly ResponseReader _reader;

    /// <summary>Cancels whatever is pending: the request, the read or the wait. Holds no timer, so it needs no disposal.</summary>
    private readonly CancellationTokenSource _disposal = new();

    private readonly SseParser _parser;

    /// <summary>What the library itself threw while it parsed, such as out of memory: the stream ends with it.</summary>
    private Exception? _parserFault;

    protected Subscription(ObserverSink sink, SseOptions options, IScheduler scheduler, TimeProvider time)
    {
        _scheduler = scheduler;
        _reader = new ResponseReader(time, options.IdleTimeout, options.MaxEventSize);
        Sink = sink;
        _parser = new SseParser(sink, sink.LastEventId, options.MaxEventSize);
        Options = options;
        Time = time;
        Diagnostics = new StreamDiagnostics(options.Logger, time);
    }

    protected ObserverSink Sink { get; }

    protected SseOptions Options { get; }

    protected TimeProvider Time { get; }

    protected StreamDiagnostics Diagnostics { get; }

    /// <summary>Cancelled when nothing more is to be delivered.</summary>
    protected CancellationToken Disposal => _disposal.Token;

    /// <summary>
    /// Begins. Within an operator's subscription this waits until the operator has what it may dispose of: what is there
    /// already is read at once, and might not end.
    /// </summary>
    public void Start() =>
        CurrentThreadScheduler.Instance.Schedule(this, TimeSpan.Zero, static (scheduler, subscription) =>
        {
            using (NoSynchronizationContext.Enter())
                _ = subscription.RunAsync();
            return Disposable.Empty;
        });

    public void Dispose()
    {
        Sink.Stop();
        try
        {
            using (NoSynchronizationContext.Enter())
                Cancel();
        }
        catch (AggregateException exception)
        {
            // Only what the caller has registered on a token throws.
            Throw(ExceptionDispatchInfo.Capture(exception));
        }
    }

    SseFeedResult ISseFeed.Feed(ReadOnlySpan<byte> chunk)
    {
        long before = Sink.EventCount;
        try
        {
            return _parser.Feed(chunk);
        }
        catch (Exception exception)
        {
            // The sink lets no exception of the selector or the observer pass.
            _parserFault = exception;
            return SseFeedResult.Stopped;
        }
        finally
        {
            Diagnostics.Received(chunk.Length, Sink.EventCount - before);
            StopAfterObserverFault();
        }
    }

    void ISseFeed.Rest() => _parser.Rest();

    /// <summary>Opens the next connection, and begins its diagnostics.</summary>
    /// <param name="loss">Why there is none: the last one ended, or could not be opened; null if this is the first.</param>
    protected abstract ValueTask<ConnectResult> OpenAsync(Exception? loss);

    /// <summary>Does what is left to do about a connection that has been opened or not. What has no response then needs no more of it.</summary>
    protected abstract ConnectResult Settle(ConnectResult opened);

    /// <summary>Whether the stream ends with the connection that ended so, or was not opened; if it does not, the next one is opened.</summary>
    /// <param name="end">How that came; null if it was no failure: the subscriber ended it, a selector, or a 204.</param>
    /// <param name="error">How the stream ends: with that error, or with null for completion.</param>
    protected abstract bool IsOver(Exception? end, out Exception? error);

    /// <summary>Delivers a signal. What the observer throws stops everything.</summary>
    protected void Deliver(SseSignal signal)
    {
        Sink.Deliver(signal);
        StopAfterObserverFault();
    }

    /// <summary>
    /// All that the subscription does. One method with one awaited read, for a stream that is idle keeps what is awaited, and
    /// each more that waits for the response is one more on the way to the first event.
    /// </summary>
    private async Task RunAsync()
    {
        Exception? error;
        try
        {
            Exception? end = null;
            while (true)
            {
                ConnectResult opened = Settle(await OpenAsync(end).ConfigureAwait(false));
                end = opened.Error;
                if (opened.Response is { } response)
                {
                    try
                    {
                        Opened(response);
                        if (!Sink.IsStopped)
                            end = await _reader.ReadAsync(response, this, Disposal).ConfigureAwait(false);
                    }
                    finally
                    {
                        SseConnector.Close(response);
                        Diagnostics.EndConnection(end is SseEndOfStreamException ? null : end);
                    }
                }

                if (IsOver(end, out error))
                    break;
                Reset();
            }
        }
        catch (Exception exception)
        {
            // Nothing of ours throws, but a listener to the meter or to the activities may.
            error = exception;
        }

        Conclude(error);
    }

    private void Opened(HttpResponseMessage response)
    {
        Diagnostics.Opened(response.StatusCode);
        if (!Sink.WantsSignals)
            return;

        Deliver(new SseOpened
        {
            StatusCode = response.StatusCode,
            Address = response.RequestMessage?.RequestUri,
            Headers = response.Headers,
        });
    }

    private void Cancel()
    {
        try
        {
            _reader.Abort();
        }
        finally
        {
            _disposal.Cancel();
        }
    }

    private void Conclude(Exception? error)
    {
        ExceptionDispatchInfo? observerFault = Sink.ObserverFault;
        try
        {
            Reset();
            Exception? ownError = _parserFault ?? error;
            End(Sink.SelectorFault ?? (ownError is null ? null : Failure.ForObserver(ownError)));
        }
        catch (Exception exception)
        {
            observerFault = ExceptionDispatchInfo.Capture(exception);
            Dispose();
        }

        if (observerFault is not null)
            Throw(observerFault);
    }

    /// <summary>Forgets what a connection left unfinished, and returns its memory.</summary>
    private void Reset()
    {
        Sink.EventCount = 0;
        _parser.Reset();
    }

    private void End(Exception? error)
    {
        if (Sink.IsStopped)
        {
            Diagnostics.Disposed();
            return;
        }

        Diagnostics.Ended(error);
        Sink.Finish(error);
    }

    private void StopAfterObserverFault()
    {
        if (Sink.ObserverFault is not null)
            Dispose();
    }

    /// <summary>As from any of Rx's asynchronous sources, what an observer throws comes out of the scheduler.</summary>
    private void Throw(ExceptionDispatchInfo fault) => _scheduler.Schedule(fault.Throw);
}
