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
internal abstract class Subscription(
    ObserverSink sink, SseOptions options, IScheduler scheduler, TimeProvider time) : IDisposable, ISseFeed
{
    /// <summary>
    /// Cancels whatever is pending: the request, the read or the wait. Holds no timer, so it needs no disposal.
    /// </summary>
    private readonly CancellationTokenSource _disposal = new();

    private readonly SseParser _parser = new(sink, sink.LastEventId, options.MaxEventSize);

    /// <summary>
    /// What ends the stream besides the connection: an exception of the parser, such as out of memory, or an error of
    /// <c>ReconnectWhen</c>.
    /// </summary>
    private Exception? _fault;

    public ObserverSink Sink { get; } = sink;

    public SseOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public StreamDiagnostics Diagnostics { get; } = new(options.Logger, time);

    public ConnectionRecord Connection { get; } = new();

    /// <summary>Cancelled when nothing more is to be delivered.</summary>
    public CancellationToken Disposal => _disposal.Token;

    /// <summary>Whether the stream ends for another reason than the end of a connection.</summary>
    protected bool IsStopping =>
        Sink.IsStopped || _fault is not null || Sink.SelectorFault is not null || Disposal.IsCancellationRequested;

    /// <summary>Begins to connect at once.</summary>
    public void Start()
    {
        using (NoSynchronizationContext.Enter())
            _ = StartAsync();
    }

    public void Dispose()
    {
        Sink.Stop();
        try
        {
            using (NoSynchronizationContext.Enter())
                _disposal.Cancel();
        }
        catch (AggregateException exception)
        {
            // Only what the caller has registered on a token throws.
            Throw(ExceptionDispatchInfo.Capture(exception));
        }
        finally
        {
            Release();
        }
    }

    SseFeedResult ISseFeed.Feed(ReadOnlySpan<byte> chunk) => Parse(chunk, isEnd: false);

    void ISseFeed.Rest() => _parser.Rest();

    /// <summary>Opens the next connection.</summary>
    /// <param name="loss">Why the last one ended; null if this is the first.</param>
    /// <returns>An open connection, or how the stream ends.</returns>
    protected abstract Task<ConnectResult> OpenAsync(Exception? loss);

    /// <summary>Closes a connection at once.</summary>
    protected abstract void Close(HttpResponseMessage response);

    /// <summary>Returns the token that ends the reading of the connection that has been opened.</summary>
    protected virtual CancellationToken BeginReading() => Disposal;

    /// <summary>Whether the stream ends with the connection; if it does not, the next one is opened.</summary>
    /// <param name="end">
    /// How the connection ended; null if the stream is stopping or the token was cancelled. Becomes how the stream ends
    /// (null for completion), or the loss that the next connection follows.
    /// </param>
    protected abstract bool IsOver(ref Exception? end);

    /// <summary>The stream has ended. May be called more than once, from any thread.</summary>
    protected virtual void Release()
    {
    }

    /// <summary>Ends the stream with that error. May be called from any thread.</summary>
    protected void Fail(Exception error)
    {
        if (Interlocked.CompareExchange(ref _fault, error, null) is not null)
            return;

        // What the caller has registered on a token may throw. The error is more important.
        using (NoSynchronizationContext.Enter())
            _disposal.CancelQuietly();
    }

    /// <summary>Gets whether the regular end of the connection leads to a reconnect.</summary>
    protected abstract bool ReconnectsAtEnd { get; }

    /// <summary>Delivers a signal. What the observer throws stops everything.</summary>
    protected void Deliver(SseSignal signal)
    {
        Sink.Deliver(signal);
        StopAfterObserverFault();
    }

    /// <summary>
    /// Opens the first connection, and then starts the loop. A separate method, because an idle stream keeps what the
    /// loop needs for its awaits.
    /// </summary>
    private async Task StartAsync()
    {
        ConnectResult opened;
        try
        {
            opened = await TrampolineAwaitable<ConnectResult>.Start(() => OpenAsync(loss: null), Time);
        }
        catch (Exception exception)
        {
            opened = new ConnectResult(exception);
        }

        _ = RunAsync(opened.Response, opened.Error);
    }

    /// <summary>
    /// The loop: reads a connection to its end, then opens the next one. One method with one awaited read, because a
    /// stream that is idle keeps what is awaited.
    /// </summary>
    /// <param name="response">The first connection; null if the stream ends without one.</param>
    /// <param name="end">How the stream ends then; null for completion.</param>
    private async Task RunAsync(HttpResponseMessage? response, Exception? end)
    {
        try
        {
            while (response is not null)
            {
                try
                {
                    CancellationToken reading = BeginReading();
                    Opened(response);
                    if (!Sink.IsStopped)
                        end = EndOf(await ReadAsync(response, reading).ConfigureAwait(false));
                }
                finally
                {
                    Close(response);
                    Diagnostics.Closed(end is SseEndOfStreamException ? null : end);
                }

                if (IsOver(ref end))
                    break;

                // The policy may decline to reconnect, and then the unfinished event is wanted.
                if (!Options.DispatchUnterminatedEvent)
                    Reset();
                ConnectResult opened = await OpenAsync(end).ConfigureAwait(false);
                (response, end) = (opened.Response, opened.Error);
            }
        }
        catch (Exception exception)
        {
            // Nothing of ours throws, except when memory is short.
            end = exception;
        }

        Conclude(end);
    }

    private Task<Exception?> ReadAsync(HttpResponseMessage response, CancellationToken reading)
    {
        IdleTimer? idle = Options.IdleTimeout is { } timeout ? new IdleTimer(Time, timeout, reading) : null;
        return ResponseReader.ReadAsync(response, this, idle, Options.MaxEventSize, reading);
    }

    /// <summary>Dispatches what a regular end has left unfinished, if the caller wants that.</summary>
    /// <returns>False if the subscription ended meanwhile.</returns>
    public bool DispatchUnterminated() =>
        !Options.DispatchUnterminatedEvent || Parse(default, isEnd: true) != SseFeedResult.Stopped;

    private SseFeedResult Parse(ReadOnlySpan<byte> chunk, bool isEnd)
    {
        long before = Sink.EventCount;
        try
        {
            return isEnd ? _parser.End() : _parser.Feed(chunk);
        }
        catch (Exception exception)
        {
            // The sink lets no exception of the selector or the observer pass.
            _fault = exception;
            return SseFeedResult.Stopped;
        }
        finally
        {
            Connection.Received(chunk.Length, Sink.EventCount - before);
            Diagnostics.Received(chunk.Length, Sink.EventCount - before);
            StopAfterObserverFault();
        }
    }

    /// <summary>Does what is left to do at the end of a connection.</summary>
    /// <param name="end">What ended the connection.</param>
    /// <returns>The same, with what is known of the connection; null if the subscription ended it meanwhile.</returns>
    private Exception? EndOf(Exception? end)
    {
        bool isDispatched = end is SseEndOfStreamException && !ReconnectsAtEnd;
        return isDispatched && !DispatchUnterminated() ? null : Connection.Ended(end);
    }

    private void Opened(HttpResponseMessage response)
    {
        Reset();
        Connection.Opened(response.RequestMessage?.RequestUri);
        Diagnostics.Opened();
        if (!Sink.WantsSignals)
            return;

        Deliver(new SseOpened
        {
            StatusCode = response.StatusCode,
            Address = response.RequestMessage?.RequestUri,
            Headers = response.Headers,
        });
    }

    private void Conclude(Exception? error)
    {
        ExceptionDispatchInfo? observerFault = Sink.ObserverFault;
        try
        {
            Reset();
            Exception? ownError = _fault ?? error;
            End(Sink.SelectorFault ?? (ownError is null ? null : Connection.ForObserver(ownError)));
        }
        catch (Exception exception)
        {
            observerFault = ExceptionDispatchInfo.Capture(exception);
            Sink.Stop();
        }

        try
        {
            Release();
        }
        catch (Exception exception)
        {
            // The source of ReconnectWhen has thrown when it was disposed of.
            observerFault ??= ExceptionDispatchInfo.Capture(exception);
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
    private void Throw(ExceptionDispatchInfo fault) => scheduler.Schedule(fault.Throw);
}
