using System.Reactive.Disposables;
using Rx.Sse.Parsing;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>The parser as an operator: parses chunks into what the sink delivers, on the source's thread.</summary>
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
        catch (Exception exception) when (exception != sink.ObserverFault?.SourceException)
        {
            chunks.OnError(exception);
        }

        return chunks;
    }

    /// <summary>
    /// Feeds the parser, which only one call may use at a time: the one that has changed <see cref="_owner"/> from
    /// <see cref="Idle"/>. Only that call touches the parser and returns its pooled arrays, so a source that breaks the
    /// Rx contract gets an exception instead of two calls in one parser.
    /// </summary>
    /// <remarks>
    /// <code>
    /// Idle   -> thread   OnNext begins, and has the parser
    /// thread -> Idle     it returns
    /// thread -> Ending   another call has brought an end; OnNext delivers it when it returns
    /// Idle   -> Ending   an end comes while no OnNext runs; the call that brings it delivers it
    /// any    -> Closed   Dispose; the arrays are returned by the running OnNext, or by Dispose if there is none
    /// </code>
    /// </remarks>
    private sealed class ChunkObserver(ObserverSink sink, SseOptions options)
        : IObserver<ReadOnlyMemory<byte>>, IDisposable
    {
        // The values of _owner. Any other value is the ID of the thread whose OnNext is running.
        private const int Idle = 0, Ending = -1, Closed = -2;

        /// <summary>Stands for a completion in <see cref="_end"/>.</summary>
        private static readonly object Completion = new();

        private readonly SseParser _parser = new(sink, sink.LastEventId, options.MaxEventSize);

        private int _owner;

        /// <summary>
        /// An exception or <see cref="Completion"/>, with which the subscription ends when the running OnNext returns.
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
                Feed(chunk);
            }
            finally
            {
                if (Interlocked.CompareExchange(ref _owner, Idle, thread) != thread)
                    Leave();
            }
        }

        /// <summary>An error of the source passes as it is: it is not the stream's.</summary>
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

        private void Feed(ReadOnlyMemory<byte> chunk)
        {
            ReadOnlySpan<byte> bytes;
            try
            {
                bytes = chunk.Span;
            }
            catch (Exception exception)
            {
                // The memory's owner has disposed of it, for example.
                Finish(_end as Exception ?? Failure.ForObserver(exception));
                return;
            }

            Parse(bytes, isEnd: false);
        }

        private void Parse(ReadOnlySpan<byte> chunk, bool isEnd)
        {
            Exception? error;
            try
            {
                SseFeedResult result = isEnd ? _parser.End() : _parser.Feed(chunk);
                error = result == SseFeedResult.TooLarge
                    ? new SseLimitException(options.MaxEventSize)
                    : sink.SelectorFault;
            }
            catch (Exception exception)
            {
                // The sink lets no exception of the selector or the observer pass.
                error = Failure.ForObserver(exception);
            }

            if (sink.ObserverFault is { } fault)
            {
                // If it is that of a chunk which was refused, the observer is told as well when OnNext returns.
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
            // From within OnNext at once, because an observer may end a subject. The parser is at work then: what it
            // has not dispatched yet is dropped.
            if (Volatile.Read(ref _owner) == Environment.CurrentManagedThreadId)
                Finish(error);
            else
                EndAfterOnNext(error ?? Completion);
        }

        /// <summary>
        /// Refuses a chunk because another call is running. That call is not disturbed; the subscription fails when it
        /// returns, unless it ends before.
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

        /// <summary>Delivers the end that has been waiting, if there is one, and releases everything.</summary>
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
