using System.Reactive.Concurrency;

namespace Rx.Sse.Streams;

/// <summary>The cold observable: every subscription opens a connection of its own and keeps a state of its own.</summary>
internal sealed class StreamObservable<T>(
    HttpClient client,
    SseRequest request,
    SseOptions options,
    IScheduler scheduler,
    Func<IObserver<T>, string, ObserverSink> newSink) : SseStream(client, request, options, scheduler), IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        var subscription = new StreamSubscription(this, newSink(observer, Options.LastEventId));
        subscription.Start();
        return subscription;
    }
}
