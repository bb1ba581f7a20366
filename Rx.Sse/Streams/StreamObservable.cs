namespace Rx.Sse.Streams;

/// <summary>The cold observable of <c>FromSse</c>: each subscription has separate connections and state.</summary>
internal sealed class StreamObservable<T>(SseStream stream, Func<IObserver<T>, string, ObserverSink> newSink)
    : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        var subscription = new StreamSubscription(stream, newSink(observer, stream.Options.LastEventId));
        subscription.Start();
        return subscription;
    }
}
