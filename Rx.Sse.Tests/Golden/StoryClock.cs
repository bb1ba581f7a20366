using System.Reactive.Concurrency;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// Virtual time that advances one action at a time, so that a run can check its sockets between two actions.
/// </summary>
internal sealed class StoryClock() : HistoricalScheduler(Origin)
{
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Time => Now - Origin;

    public IDisposable ScheduleAfter(double seconds, Action action) =>
        this.Schedule(TimeSpan.FromSeconds(seconds), action);

    /// <summary>Runs the next action that is due by the given time. If there is none, advances to that time.</summary>
    public bool RunNext(TimeSpan until)
    {
        DateTimeOffset end = Origin + until;
        if (GetNext() is not { } next || next.DueTime > end)
        {
            Clock = end > Clock ? end : Clock;
            return false;
        }

        Clock = next.DueTime > Clock ? next.DueTime : Clock;
        next.Invoke();
        return true;
    }
}
