using System.Reactive.Concurrency;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>The events of one response. It can be read only once, so only the first subscription gets them.</summary>
internal sealed class ResponseObservable<T>(
    HttpResponseMessage response,
    bool isChecked,
    SseOptions options,
    IScheduler scheduler,
    Func<IObserver<T>, string, ObserverSink> newSink) : IObservable<T>
{
    private int _subscriptions;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        if (Interlocked.Increment(ref _subscriptions) > 1)
            throw new InvalidOperationException("A response can be read only once: share one subscription, with Publish() for example.");

        ObserverSink sink = newSink(observer, options.LastEventId);
        var subscription = new ResponseSubscription(
            response, isChecked, sink, options, scheduler, SchedulerTimeProvider.For(scheduler));
        subscription.Start();
        return subscription;
    }
}
