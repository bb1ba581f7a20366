namespace Rx.Sse.Benchmarks;

/// <summary>Counts what it observes, so that the compiler cannot eliminate any work.</summary>
internal sealed class Counter : IObserver<SseEvent>, IObserver<int>
{
    public Tally Total { get; private set; }

    public void OnNext(SseEvent value) => Total = Total.Add(value.Data.Length);

    public void OnNext(int value) => Total = Total.Add(value);

    public void OnCompleted()
    {
    }

    public void OnError(Exception error) => throw error;
}
