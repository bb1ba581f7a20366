using System.Reactive.Disposables;
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
        public SingleAssignmentDisposable Upstream { get; } = new();

        public void OnNext(ReadOnlyMemory<byte> chunk)
        {
            if (decoder.IsStopped || decoder.TryContinueLine(chunk.Span))
                return;

            bool returned = false;
            try
            {
                if (decoder.Feed(chunk.Span) == SseFeedResult.TooLarge)
                    End(new SseLimitException(maxEventSize));
                else if (decoder.SelectorError is { } error)
                    End(error);
                returned = true;
            }
            finally
            {
                // The observer threw: the exception goes on to the source, the subscription is over.
                if (!returned)
                    Dispose();

                // Only here, on the source's thread, is it certain that the parser is not at work.
                if (decoder.IsStopped)
                    decoder.Reset();
            }
        }

        /// <summary>An error of the source passes as it is: it is not the stream's.</summary>
        public void OnError(Exception error)
        {
            if (decoder.IsStopped)
                return;
            decoder.Stop();
            decoder.Reset();
            observer.OnError(error);
            Upstream.Dispose();
        }

        public void OnCompleted()
        {
            decoder.Reset();
            End(null);
        }

        public void Dispose()
        {
            decoder.Stop();
            Upstream.Dispose();
        }

        private void End(Exception? error)
        {
            decoder.Finish(error);
            Upstream.Dispose();
        }
    }
}
