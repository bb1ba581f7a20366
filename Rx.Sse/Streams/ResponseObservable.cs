using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>The observable of <c>ToSseObservable</c>, which can be subscribed to once.</summary>
internal sealed class ResponseObservable<T>(
    HttpResponseMessage response,
    bool isChecked,
    SseOptions options,
    IScheduler scheduler,
    Func<IObserver<T>, string, ObserverSink> newSink) : IObservable<T>
{
    /// <summary>1 after the first subscription.</summary>
    private int _isRead;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        Throw.IfNull(observer);
        if (Interlocked.Exchange(ref _isRead, 1) != 0)
        {
            Refuse(observer);
            return Disposable.Empty;
        }

        ObserverSink sink = newSink(observer, options.LastEventId);
        var subscription = new ResponseSubscription(
            response, isChecked, sink, options, scheduler, SchedulerTimeProvider.For(scheduler));
        subscription.Start();
        return subscription;
    }

    /// <summary>Fails a second subscription. If the observer throws, the scheduler throws the exception.</summary>
    private void Refuse(IObserver<T> observer)
    {
        try
        {
            observer.OnError(new InvalidOperationException(
                "A response can be read only once: share one subscription, with Publish() for example."));
        }
        catch (Exception exception)
        {
            scheduler.Schedule(ExceptionDispatchInfo.Capture(exception).Throw);
        }
    }
}
