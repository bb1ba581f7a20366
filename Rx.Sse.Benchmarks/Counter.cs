namespace Rx.Sse.Benchmarks;

/// <summary>Counts what it observes, so that nothing can be left out.</summary>
internal sealed class Counter : IObserver<SseEvent>, IObserver<int>
{
    public long Total { get; private set; }

    public void OnNext(SseEvent value) => Total += value.Data.Length;

    public void OnNext(int value) => Total += value;

    public void OnCompleted()
    {
    }

    public void OnError(Exception error) => throw error;
}
