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
/// A subscription that reads connections, one after the other. It runs as one asynchronous loop, which continues on the
/// thread that completes each wait; only <see cref="Dispose"/> and <see cref="Fail"/> may run at the same time.
/// </summary>
internal abstract class Subscription(
    ObserverSink sink, SseOptions options, IScheduler scheduler, TimeProvider time) : IDisposable, IBodySink
{
    /// <summary>Cancels the pending request, read or wait. Without a timer, it needs no disposal.</summary>
    private readonly CancellationTokenSource _disposal = new();

    private readonly SseParser _parser = new(sink, sink.LastEventId, options.MaxEventSize);

    /// <summary>
    /// An error of the parser, such as out of memory, or of <c>ReconnectWhen</c>. It ends the stream.
    /// </summary>
    private Exception? _fatalError;

    public ObserverSink Sink { get; } = sink;

    public SseOptions Options { get; } = options;

    public TimeProvider Time { get; } = time;

    public StreamDiagnostics Diagnostics { get; } = new(options.Logger, time);

    public ConnectionRecord Connection { get; } = new();

    /// <summary>Gets the token that is cancelled when the subscription ends before the connection.</summary>
    public CancellationToken Disposal => _disposal.Token;

    /// <summary>Gets whether the stream ends for another reason than the end of a connection.</summary>
    protected bool IsStopping =>
        Sink.IsStopped || _fatalError is not null || Sink.SelectorFault is not null || Disposal.IsCancellationRequested;

    /// <summary>Starts to connect at once, and returns at the first wait.</summary>
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
            // Only callbacks that the caller has registered on a token throw.
            ThrowOnScheduler(ExceptionDispatchInfo.Capture(exception));
        }
        finally
        {
            Release();
        }
    }

    SseFeedResult IBodySink.Receive(ReadOnlySpan<byte> chunk) => Parse(chunk, isEnd: false);

    void IBodySink.TrimMemory() => _parser.TrimMemory();

    /// <summary>Opens the next connection.</summary>
    /// <param name="loss">The reason why the last connection ended; null for the first connection.</param>
    /// <returns>An open connection; otherwise, the stream ends, with the error if there is one.</returns>
    protected abstract Task<ConnectResult> OpenAsync(Exception? loss);

    /// <summary>Closes a connection at once.</summary>
    protected abstract void Close(HttpResponseMessage response);

    /// <summary>Returns the token that ends the reading of the connection that has been opened.</summary>
    protected virtual CancellationToken BeginReading() => Disposal;

    /// <summary>Called when a connection has been closed, to decide whether the next one is opened.</summary>
    /// <param name="end">
    /// The reason why the connection ended; null if the stream is stopping or the token was cancelled. On return, the
    /// error of the stream (null for completion), or the reason for the next connection.
    /// </param>
    /// <returns>True if the stream ends.</returns>
    protected abstract bool OnConnectionEnded(ref Exception? end);

    /// <summary>
    /// Releases what a subclass holds until the stream ends. May be called repeatedly, on any thread.
    /// </summary>
    protected virtual void Release()
    {
    }

    /// <summary>Ends the stream with an error. May be called on any thread.</summary>
    protected void Fail(Exception error)
    {
        if (Interlocked.CompareExchange(ref _fatalError, error, null) is not null)
            return;

        // Quietly, because an exception of a callback must not hide the error.
        using (NoSynchronizationContext.Enter())
            _disposal.CancelQuietly();
    }

    /// <summary>Gets whether the regular end of a connection leads to a reconnect.</summary>
    protected abstract bool ReconnectsAtEnd { get; }

    /// <summary>Delivers a signal. If the observer throws, the subscription ends.</summary>
    protected void Deliver(SseSignal signal)
    {
        Sink.Deliver(signal);
        StopAfterObserverFault();
    }

    /// <summary>
    /// Opens the first connection, and then starts the loop. A separate method, because its awaiter would stay in the
    /// state machine of the loop, and so in the memory of an idle stream.
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
            opened = new ConnectResult(null, exception);
        }

        _ = RunAsync(opened.Response, opened.Error);
    }

    /// <summary>
    /// The loop: reads a connection to its end, then opens the next one. One method, because each further one would add
    /// a state machine to the memory of an idle stream.
    /// </summary>
    /// <param name="response">The first connection; null if the stream ends without one.</param>
    /// <param name="end">The error of the stream if there is no connection; null for completion.</param>
    private async Task RunAsync(HttpResponseMessage? response, Exception? end)
    {
        try
        {
            while (response is not null)
            {
                try
                {
                    CancellationToken reading = BeginReading();
                    ReportOpened(response);
                    if (!Sink.IsStopped)
                        end = FinishConnection(await ReadAsync(response, reading).ConfigureAwait(false));
                }
                finally
                {
                    Close(response);
                    Diagnostics.Closed(end is SseEndOfStreamException ? null : end);
                }

                if (OnConnectionEnded(ref end))
                    break;

                // Otherwise the unfinished event is kept: if the policy declines to reconnect, it is dispatched.
                if (!Options.DispatchUnterminatedEvent)
                    Reset();
                ConnectResult opened = await OpenAsync(end).ConfigureAwait(false);
                (response, end) = (opened.Response, opened.Error);
            }
        }
        catch (Exception exception)
        {
            // Unexpected, except for out of memory.
            end = exception;
        }

        EndStream(end);
    }

    private Task<Exception?> ReadAsync(HttpResponseMessage response, CancellationToken reading)
    {
        IdleTimer? idle = Options.IdleTimeout is { } timeout ? new IdleTimer(Time, timeout, reading) : null;
        return ResponseReader.ReadAsync(response, this, idle, Options.MaxEventSize, reading);
    }

    /// <summary>Dispatches an unfinished event, if <c>DispatchUnterminatedEvent</c> is set.</summary>
    /// <returns>False if the subscription has ended during that.</returns>
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
            // Not from the selector or the observer, whose exceptions the sink catches.
            _fatalError = exception;
            return SseFeedResult.Stopped;
        }
        finally
        {
            Connection.Received(chunk.Length, Sink.EventCount - before);
            Diagnostics.Received(chunk.Length, Sink.EventCount - before);
            StopAfterObserverFault();
        }
    }

    /// <summary>Dispatches an unfinished event at the regular end of the last connection.</summary>
    /// <param name="end">The reason why the connection ended.</param>
    /// <returns>The reason with the address and counts; null if the subscription has ended.</returns>
    private Exception? FinishConnection(Exception? end)
    {
        bool isDispatched = end is SseEndOfStreamException && !ReconnectsAtEnd;
        return isDispatched && !DispatchUnterminated() ? null : Connection.Ended(end);
    }

    private void ReportOpened(HttpResponseMessage response)
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

    private void EndStream(Exception? error)
    {
        ExceptionDispatchInfo? observerFault = Sink.ObserverFault;
        try
        {
            Reset();
            Exception? ownError = _fatalError ?? error;
            NotifyEnd(Sink.SelectorFault ?? (ownError is null ? null : Connection.ForObserver(ownError)));
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
            // The source of ReconnectWhen has thrown when its subscription was disposed.
            observerFault ??= ExceptionDispatchInfo.Capture(exception);
        }

        if (observerFault is not null)
            ThrowOnScheduler(observerFault);
    }

    /// <summary>Drops what a connection has left unfinished, and returns its memory.</summary>
    private void Reset()
    {
        Sink.EventCount = 0;
        _parser.Reset();
    }

    private void NotifyEnd(Exception? error)
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

    /// <summary>Throws on the scheduler, as Rx's asynchronous sources do with exceptions of an observer.</summary>
    private void ThrowOnScheduler(ExceptionDispatchInfo fault) => scheduler.Schedule(fault.Throw);
}
