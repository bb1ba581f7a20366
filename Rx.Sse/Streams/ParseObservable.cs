using System.Reactive.Disposables;
using Rx.Sse.Parsing;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>
/// The observable of <c>ParseSse</c>, which parses the chunks of its source on the thread of the source.
/// </summary>
internal sealed class ParseObservable<T>(
    IObservable<ReadOnlyMemory<byte>> source,
    SseOptions options,
    Func<IObserver<T>, string, ObserverSink> newSink) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        ObserverSink sink = newSink(observer, options.LastEventId);
        var chunks = new ChunkObserver(sink, options);
        try
        {
            chunks.Upstream.Disposable = source.Subscribe(chunks);
        }
        catch (Exception exception) when (!sink.IsStopped)
        {
            // After the end, the exception goes to the caller, as with Observable.Create. It may be the observer's.
            chunks.OnError(exception);
        }

        return chunks;
    }

    /// <summary>
    /// Feeds the parser, which only one call may use at a time: the one that has changed <see cref="_owner"/> from
    /// <see cref="Idle"/>. Only that call uses the parser and returns its arrays to the pool. If the source breaks the
    /// Rx contract by an overlapping OnNext, it gets an exception. An overlapping end waits for the running call.
    /// </summary>
    /// <remarks>
    /// <code>
    /// Idle   -> thread   OnNext begins, and owns the parser
    /// thread -> Idle     OnNext returns
    /// thread -> Ending   another call ends the subscription; OnNext delivers the end when it returns
    /// Idle   -> Ending   a call ends the subscription while no OnNext runs, and delivers the end
    /// any    -> Closed   Dispose; the running OnNext returns the arrays, or Dispose if none is running
    /// </code>
    /// </remarks>
    private sealed class ChunkObserver(ObserverSink sink, SseOptions options)
        : IObserver<ReadOnlyMemory<byte>>, IDisposable
    {
        // The values of _owner. Any other value is the ID of the thread whose OnNext is running.
        private const int Idle = 0, Ending = -1, Closed = -2;

        /// <summary>The value of <see cref="_end"/> for a completion.</summary>
        private static readonly object Completion = new();

        private readonly SseParser _parser = new(sink, sink.LastEventId, options.MaxEventSize);

        private int _owner;

        /// <summary>
        /// The end that is delivered when the running OnNext returns: an exception, or <see cref="Completion"/>.
        /// </summary>
        private object? _end;

        public SingleAssignmentDisposable Upstream { get; } = new();

        public void OnNext(ReadOnlyMemory<byte> chunk)
        {
            int thread = Environment.CurrentManagedThreadId;
            int owner = Interlocked.CompareExchange(ref _owner, thread, Idle);
            if (owner != Idle)
            {
                Refuse(isReentrant: owner == thread);
                return;
            }

            try
            {
                Parse(chunk, isEnd: false);
            }
            finally
            {
                if (Interlocked.CompareExchange(ref _owner, Idle, thread) != thread)
                    Leave();
            }
        }

        /// <summary>Ends the subscription with an error of the source, which is delivered unchanged.</summary>
        public void OnError(Exception error)
        {
            Throw.IfNull(error);
            End(error);
        }

        public void OnCompleted() => End(null);

        public void Dispose()
        {
            sink.Stop();
            if (Interlocked.Exchange(ref _owner, Closed) == Idle)
                _parser.Reset();
            Upstream.Dispose();
        }

        private void Parse(ReadOnlyMemory<byte> chunk, bool isEnd)
        {
            Exception? error;
            try
            {
                SseFeedResult result = isEnd ? _parser.End() : _parser.Feed(chunk.Span);
                error = result == SseFeedResult.TooLarge
                    ? new SseLimitException(options.MaxEventSize)
                    : sink.SelectorFault;
            }
            catch (Exception exception)
            {
                // For example, the owner of the memory has disposed it. Not from the selector or the observer, whose
                // exceptions the sink catches.
                error = _end as Exception ?? Failure.ForObserver(exception);
            }

            if (sink.ObserverFault is { } fault)
            {
                // If it is the exception of a refused chunk, it is also delivered when OnNext returns.
                if (fault.SourceException != _end)
                    Dispose();
                fault.Throw();
            }

            if (error is not null)
                Finish(error);
        }

        private void Finish(Exception? error)
        {
            try
            {
                sink.Finish(error);
            }
            finally
            {
                Dispose();
            }
        }

        private void End(Exception? error)
        {
            // From within OnNext, the end is delivered at once, because an observer may complete a subject. Events that
            // the running parser has not dispatched yet are dropped.
            if (Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId)
                Finish(error);
            else
                EndAfterOnNext(error ?? Completion);
        }

        /// <summary>
        /// Refuses a chunk because another call is running. The subscription fails when that call returns, unless it
        /// ends before.
        /// </summary>
        private void Refuse(bool isReentrant)
        {
            if (sink.IsStopped)
                return;
            var misuse = new InvalidOperationException(isReentrant
                ? "OnNext was called from within OnNext. Push the next chunk after the call has returned."
                : "OnNext was called while another call of it was running. "
                + "Serialize the source, for example with Synchronize().");
            EndAfterOnNext(misuse);
            throw misuse;
        }

        /// <summary>Ends the subscription when the running OnNext returns, or now if none is running.</summary>
        private void EndAfterOnNext(object end)
        {
            int owner = Volatile.Read(ref _owner);
            while (owner is not (Ending or Closed))
            {
                Interlocked.CompareExchange(ref _end, end, null);
                int found = Interlocked.CompareExchange(ref _owner, Ending, owner);
                if (found == owner && owner == Idle)
                    Leave();
                if (found == owner)
                    return;
                owner = found;
            }
        }

        /// <summary>Delivers the pending end, if there is one, and returns the memory.</summary>
        private void Leave()
        {
            try
            {
                if (_end == Completion && options.DispatchUnterminatedEvent && !sink.IsStopped)
                    Parse(default, isEnd: true);
                if (_end is { } end)
                    Finish(end as Exception);
            }
            finally
            {
                _parser.Reset();
            }
        }
    }
}
