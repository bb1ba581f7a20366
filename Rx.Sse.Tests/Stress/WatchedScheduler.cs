using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// The default scheduler, except that it counts everything that it runs, and catches exceptions, which would otherwise
/// end the process.
/// </summary>
internal sealed class WatchedScheduler : IScheduler
{
    /// <summary>
    /// Shortens waits, for example the five seconds that a stream waits for the body of an error that stalls.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    public DateTimeOffset Now => DefaultScheduler.Instance.Now;

    /// <summary>Timers and actions that have neither run nor been cancelled.</summary>
    public Gauge Pending { get; } = new();

    /// <summary>Actions that are running, and may schedule others.</summary>
    public Gauge Running { get; } = new();

    public ConcurrentQueue<Exception> Thrown { get; } = [];

    /// <summary>Called for every exception.</summary>
    public Action<Exception> OnThrown { get; init; } = static _ => { };

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, TimeSpan.Zero, action);

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        Pending.Increment();
        IDisposable gone = Disposable.Create(Pending.Decrement);
        IDisposable item =
            DefaultScheduler.Instance.Schedule(state, dueTime < LongestWait ? dueTime : LongestWait, (_, inner) =>
        {
            Running.Increment();
            gone.Dispose();
            return Run(inner, action);
        });
        return StableCompositeDisposable.Create(item, gone);
    }

    private IDisposable Run<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        try
        {
            return action(this, state);
        }
        catch (Exception exception)
        {
            Thrown.Enqueue(exception);
            OnThrown(exception);
            return Disposable.Empty;
        }
        finally
        {
            Running.Decrement();
        }
    }
}
