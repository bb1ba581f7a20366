using System.Reactive.Concurrency;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>The events of one response. It can be read only once, so only the first subscription gets them.</summary>
internal sealed class ResponseObservable(HttpResponseMessage response, bool isChecked, SseOptions options, IScheduler scheduler) : IObservable<SseEvent>
{
    private int _subscriptions;

    public IDisposable Subscribe(IObserver<SseEvent> observer)
    {
        Throw.IfNull(observer);
        if (Interlocked.Increment(ref _subscriptions) > 1)
            throw new InvalidOperationException("A response can be read only once: share one subscription, with Publish() for example.");

        var sink = new EventObserverSink(observer, options.LastEventId);
        var subscription = new ResponseSubscription(response, isChecked, sink, options, scheduler, SchedulerTimeProvider.For(scheduler));
        subscription.Start();
        return subscription;
    }
}
