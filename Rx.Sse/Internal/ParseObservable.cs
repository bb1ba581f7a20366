using System.Reactive.Disposables;
using System.Runtime.CompilerServices;
using Rx.Sse.Parsing;

namespace Rx.Sse.Internal;

/// <summary>The parser as an operator: chunks in, whatever the decoder delivers out, on the source's thread.</summary>
internal sealed class ParseObservable<T>(
    IObservable<ReadOnlyMemory<byte>> source,
    Func<IObserver<T>, SseDecoder> newDecoder,
    int maxEventSize) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        var chunks = new ChunkObserver(observer, newDecoder(observer), maxEventSize);
        chunks.Upstream.Disposable = source.Subscribe(chunks);
        return chunks;
    }

    private sealed class ChunkObserver(IObserver<T> observer, SseDecoder decoder, int maxEventSize)
        : IObserver<ReadOnlyMemory<byte>>, IDisposable
    {
        /// <summary>The source's thread may be within the parser. Written by it alone, for each chunk, and that may be one byte.</summary>
        private volatile bool _isFeeding;

        /// <summary>The parser's memory has been given back, once, by whoever came first.</summary>
        private int _isReleased;

        /// <summary>Parsed together with the chunk that ends a block.</summary>
        private SmallChunks _gathered;

        public SingleAssignmentDisposable Upstream { get; } = new();

        public void OnNext(ReadOnlyMemory<byte> chunk)
        {
            _isFeeding = true;
            AsymmetricFence.Light();
            if (!decoder.IsStopped && !_gathered.TryAdd(chunk.Span))
                Feed(chunk.Span);
            _isFeeding = false;
            AsymmetricFence.Light();
            if (decoder.IsStopped)
                Release();
        }

        /// <summary>An error of the source passes as it is: it is not the stream's.</summary>
        public void OnError(Exception error)
        {
            if (decoder.IsStopped)
                return;
            Dispose();
            observer.OnError(error);
        }

        /// <summary>It may come from within OnNext, for an observer may end a subject: the parser is still at work then.</summary>
        public void OnCompleted() => End(null);

        public void Dispose()
        {
            decoder.Stop();

            // Either this sees that the parser may be at work, or OnNext sees that it has been stopped.
            AsymmetricFence.Heavy();
            if (!_isFeeding)
                Release();
            Upstream.Dispose();
        }

        /// <summary>Not a part of OnNext, which keeps all that it needs for most small chunks in registers then.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Feed(ReadOnlySpan<byte> chunk)
        {
            bool returned = false;
            try
            {
                if (FeedWithGathered(chunk) == SseFeedResult.TooLarge)
                    End(new SseLimitException(maxEventSize));
                else if (decoder.SelectorError is { } error)
                    End(error);
                returned = true;
            }
            finally
            {
                // The observer threw: the exception goes on to the source, the subscription is over.
                if (!returned)
                {
                    _isFeeding = false;
                    Dispose();
                }
            }
        }

        private SseFeedResult FeedWithGathered(ReadOnlySpan<byte> chunk)
        {
            int size = chunk.Length;
            SseFeedResult result = SseFeedResult.NeedsMore;

            // Without the chunk, what has been gathered ends no block, and is not too large.
            if (!_gathered.IsEmpty)
                result = decoder.Feed(_gathered.TakeWith(ref chunk));
            if (!chunk.IsEmpty)
                result = decoder.Feed(chunk);
            if (result == SseFeedResult.NeedsMore)
                _gathered.MakeRoom(size, decoder.SizeLeft);
            return result;
        }

        private void End(Exception? error)
        {
            decoder.Finish(error);
            Dispose();
        }

        /// <summary>Gives the parser's memory back. Only where it is certain that the parser is not at work.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Release()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) != 0)
                return;
            decoder.Reset();
            _gathered.Release();
        }
    }
}
