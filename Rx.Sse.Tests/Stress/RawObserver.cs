using System.Collections.Concurrent;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// A strict observer. Observers that Rx creates from delegates drop notifications after the end or after disposal, and
/// so hide them.
/// </summary>
/// <param name="react">What the subscriber does in response to a notification, while it is being delivered.</param>
internal sealed class RawObserver(Action<Moment> react) : IObserver<SseSignal>
{
    private int _inside;
    private int _late;
    private bool _hasEnded;
    private bool _hasThrown;

    /// <summary>Whether Dispose has returned to its caller.</summary>
    private volatile bool _hasLeft;

    /// <summary>Violations of the Rx grammar.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    public int Received { get; private set; }

    public bool HasEnded => _hasEnded;

    /// <summary>
    /// How many notifications began after Dispose had returned to another thread. One may already be in progress by
    /// then, and cannot be stopped. Dispose does not wait for it either, because it might be waiting for the disposing
    /// thread.
    /// </summary>
    public int Late => _late;

    /// <summary>Called after Dispose has returned.</summary>
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
        // Checked first, before this thread can lose more time.
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
