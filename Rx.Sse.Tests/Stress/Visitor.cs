using System.Reactive.Concurrency;

namespace Rx.Sse.Tests.Stress;

/// <summary>One subscription, and how it ends.</summary>
/// <param name="moment">When it ends.</param>
/// <param name="leaver">Who ends it.</param>
/// <param name="spins">How long the other threads spin before they end it.</param>
/// <param name="staying">Counts the visitors that have not left.</param>
/// <param name="crowd">What all visitors have in common.</param>
internal sealed class Visitor(Moment moment, Leaver leaver, int spins, Gauge staying, Crowd crowd)
{
    /// <summary>
    /// Null until Subscribe has returned: the first notification may arrive before that. Every thread that leaves
    /// disposes of it.
    /// </summary>
    private volatile IDisposable? _subscription;

    private volatile bool _isLeaving;

    private int _hasLeft;

    /// <summary>
    /// Whether it was disposed of during a notification. In that case, no other notification can have been in progress.
    /// </summary>
    private bool _leftDuringNotification;

    public RawObserver Observer { get; private set; } = null!;

    public Moment Moment => moment;

    /// <summary>Whether the notification that it waited for has arrived.</summary>
    public bool HasReacted { get; private set; }

    /// <summary>How many notifications may begin after Dispose.</summary>
    public int MostLate => _leftDuringNotification ? 0 : 1;

    /// <param name="source">The stream.</param>
    /// <param name="withinOperator">
    /// Whether to subscribe as an operator does, which has the subscription before the first notification.
    /// </param>
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
        _isLeaving = true;
        Interlocked.MemoryBarrier();
        Dispose(_subscription);
        HaveLeft();
    }

    private void HaveLeft()
    {
        if (Interlocked.Exchange(ref _hasLeft, 1) == 0)
            staying.Decrement();
    }

    private void Subscribe(IObservable<SseSignal> source)
    {
        _subscription = source.Subscribe(Observer);
        Interlocked.MemoryBarrier();
        if (_isLeaving)
            Dispose(_subscription);
    }

    private void Dispose(IDisposable? subscription)
    {
        if (subscription is null)
            return;
        subscription.Dispose();
        Observer.Leave();
    }

    private void React(Moment now)
    {
        try
        {
            if (now == moment && !HasReacted)
                React();
        }
        finally
        {
            // At the very end, because nothing waits for a visitor that has left.
            if (now is Moment.Failed or Moment.Completed)
                HaveLeft();
        }
    }

    private void React()
    {
        HasReacted = true;
        switch (leaver)
        {
            case Leaver.Itself:
                _leftDuringNotification = _subscription is not null;
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
