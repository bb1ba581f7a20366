using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Sse.Tests.Stress;

/// <summary>One subscription, and how it is ended.</summary>
/// <param name="moment">When.</param>
/// <param name="leaver">By whom.</param>
/// <param name="spins">How long the other threads dither before they do it.</param>
/// <param name="staying">Whoever is still there.</param>
/// <param name="crowd">What it has in common with all others.</param>
internal sealed class Visitor(Moment moment, Leaver leaver, int spins, Gauge staying, Crowd crowd)
{
    private readonly SingleAssignmentDisposable _subscription = new();

    /// <summary>What the stream has given; null while a first notification comes during the subscribing.</summary>
    private volatile IDisposable? _given;

    private int _hasLeft;

    /// <summary>It was disposed of during a notification, so not even one other can have been on its way.</summary>
    private bool _leftDuringNotification;

    public RawObserver Observer { get; private set; } = null!;

    public Moment Moment => moment;

    /// <summary>The notification that it waited for has come.</summary>
    public bool HasReacted { get; private set; }

    /// <summary>How many notifications may begin after Dispose.</summary>
    public int MostLate => _leftDuringNotification ? 0 : 1;

    /// <param name="source">The stream.</param>
    /// <param name="withinOperator">As an operator subscribes, which then has the subscription before the first notification.</param>
    public void Subscribe(IObservable<SseSignal> source, bool withinOperator)
    {
        Observer = new RawObserver(React);
        staying.Increment();
        if (withinOperator)
            CurrentThreadScheduler.Instance.Schedule(() => Subscribe(source));
        else
            Subscribe(source);

        if (moment == Moment.AtOnce)
            Leave();
        else if (moment == Moment.AnyTime)
            LeaveElsewhere();
    }

    public void Leave()
    {
        // Where several do this at once, Rx lets all but the first return before anything has been disposed of.
        _subscription.Dispose();
        if (_given is { } given)
        {
            given.Dispose();
            Observer.Leave();
        }

        HaveLeft();
    }

    private void HaveLeft()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 0)
            staying.Decrement();
    }

    private void Subscribe(IObservable<SseSignal> source)
    {
        IDisposable given = source.Subscribe(Observer);
        _subscription.Disposable = given;
        _given = given;
        if (_subscription.IsDisposed)
            Observer.Leave();
    }

    private void React(Moment now)
    {
        if (now is Moment.Failed or Moment.Completed)
            HaveLeft();
        if (now != moment || HasReacted)
            return;
        HasReacted = true;
        switch (leaver)
        {
            case Leaver.Itself:
                _leftDuringNotification = _given is not null;
                Leave();
                Leave();
                break;
            case Leaver.Exception:
                crowd.Exceptions.Increment();
                HaveLeft();
                throw new ObserverException();
            default:
                LeaveElsewhere();
                break;
        }
    }

    private void LeaveElsewhere()
    {
        for (int i = leaver == Leaver.Several ? 3 : 1; i > 0; i--)
        {
            crowd.Leaving.Increment();
            ThreadPool.UnsafeQueueUserWorkItem(
                self =>
                {
                    Thread.SpinWait(spins);
                    self.Leave();
                    crowd.Leaving.Decrement();
                },
                this,
                preferLocal: false);
        }
    }
}
