using System.Reactive.Concurrency;

namespace Rx.Sse.Internal;

/// <summary>The cold observable: every subscription opens a connection of its own and keeps a state of its own.</summary>
internal sealed class StreamObservable<T>(SseStream stream, Func<IObserver<T>, SseOptions, SseDecoder> newDecoder) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        var subscription = new StreamSubscription(stream, newDecoder(observer, stream.Options));

        // Within an operator's subscription this waits until the operator has what it may dispose of: what is there
        // already is read at once, and might not end.
        CurrentThreadScheduler.Instance.Schedule(subscription.Start);
        return subscription;
    }
}
