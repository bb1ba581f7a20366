using System.Collections.Concurrent;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// An observer that forgives nothing. Those that Rx makes from delegates drop whatever comes after the end or after the
/// disposal, and so hide that it came.
/// </summary>
/// <param name="react">What the subscriber does about a notification, while it is being delivered.</param>
internal sealed class RawObserver(Action<Moment> react) : IObserver<SseSignal>
{
    private int _inside;
    private int _late;
    private bool _hasEnded;
    private bool _hasThrown;

    /// <summary>Dispose has returned to whoever called it.</summary>
    private volatile bool _hasLeft;

    /// <summary>What broke the grammar.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    public int Received { get; private set; }

    public bool HasEnded => _hasEnded;

    /// <summary>
    /// The notifications that began after Dispose had returned to another thread. One may have been on its way by then,
    /// and nobody can call it back; Dispose does not wait for it either, for it might wait for the thread that
    /// disposes.
    /// </summary>
    public int Late => _late;

    /// <summary>Dispose has returned.</summary>
    public void Leave() => _hasLeft = true;

    public void OnNext(SseSignal value) => Notice(value switch
    {
        SseConnecting => Moment.Connecting,
        SseOpened => Moment.Opened,
        SseDisconnected => Moment.Disconnected,
        _ => Moment.Event,
    });

    public void OnError(Exception error)
    {
        if (error is not SseException)
            Faults.Enqueue($"The error is a {error.GetType()}.");
        Notice(Moment.Failed);
    }

    public void OnCompleted() => Notice(Moment.Completed);

    private void Notice(Moment moment)
    {
        // Before this thread can lose any more time.
        if (_hasLeft)
            _late++;
        if (Interlocked.Increment(ref _inside) > 1)
            Faults.Enqueue($"{moment} during another notification");
        if (_hasEnded)
            Faults.Enqueue($"{moment} after the end");
        if (_hasThrown)
            Faults.Enqueue($"{moment} after the observer has thrown");
        if (moment is Moment.Failed or Moment.Completed)
            _hasEnded = true;
        Received++;
        try
        {
            react(moment);
        }
        catch (Exception)
        {
            _hasThrown = true;
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
