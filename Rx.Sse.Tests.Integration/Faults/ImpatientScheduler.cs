using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>
/// Virtual time in which the shortest delay before a reconnect takes no time. Only longer delays wait until the test
/// advances the time.
/// </summary>
internal sealed class ImpatientScheduler : TestScheduler
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(100);

    public override IDisposable ScheduleAbsolute<TState>(
        TState state,
        long dueTime,
        Func<IScheduler, TState, IDisposable> action) =>
        dueTime - Clock <= ShortestDelay.Ticks
            ? DefaultScheduler.Instance.Schedule(state, (_, value) => action(this, value))
            : base.ScheduleAbsolute(state, dueTime, action);
}
