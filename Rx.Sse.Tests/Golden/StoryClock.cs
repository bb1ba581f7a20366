using System.Reactive.Concurrency;

namespace Rx.Sse.Tests.Golden;

/// <summary>
/// Virtual time that is run one action at a time, so that between two of them a run can look after its sockets.
/// </summary>
internal sealed class StoryClock() : HistoricalScheduler(Origin)
{
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TimeSpan Time => Now - Origin;

    public IDisposable ScheduleAfter(double seconds, Action action) =>
        this.Schedule(TimeSpan.FromSeconds(seconds), action);

    /// <summary>Runs the next action that is due until then; if there is none, time moves on to then.</summary>
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
