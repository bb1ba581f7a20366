using System.Reactive.Disposables;

namespace Rx.Sse.Benchmarks;

/// <summary>Pushes chunks as fast as the observer takes them, without any overhead.</summary>
internal sealed class ChunkSource(ReadOnlyMemory<byte>[] chunks) : IObservable<ReadOnlyMemory<byte>>
{
    public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
    {
        foreach (ReadOnlyMemory<byte> chunk in chunks)
            observer.OnNext(chunk);
        observer.OnCompleted();
        return Disposable.Empty;
    }
}
