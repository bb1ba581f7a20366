using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using Microsoft.Reactive.Testing;
using Rx.Sse.Scheduling;
using Rx.Sse.Testing;

namespace Rx.Sse.Tests.Scheduling;

/// <summary>
/// The clock of streams, and the clock that <c>ToTimeProvider</c> returns. Both are compiled from the same source.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[TestFixture(false)]
[TestFixture(true)]
internal sealed class SchedulerTimeProviderTests(bool isOfTesting)
{
    private readonly TestScheduler _scheduler = new();
    private readonly List<long> _fired = [];

    private TimeProvider Time => field ??= ClockOf(_scheduler);

    [Test]
    public void Clock_FollowsTheScheduler()
    {
        long start = Time.GetTimestamp();
        _scheduler.AdvanceTo(1234);

        Assert.That(Time.GetUtcNow().Ticks, Is.EqualTo(1234));
        Assert.That(Time.GetElapsedTime(start), Is.EqualTo(TimeSpan.FromTicks(1234)));
    }

    [Test]
    public void CreateTimer_DueTime_FiresOnce()
    {
        using ITimer timer = Create(100, null);
        _scheduler.Start();

        Assert.That(_fired, Is.EqualTo(new[] { 100L }));
    }

    [Test]
    public void CreateTimer_Period_FiresAgain()
    {
        using ITimer timer = Create(100, 30);
        _scheduler.AdvanceTo(200);

        Assert.That(_fired, Is.EqualTo(new[] { 100L, 130, 160, 190 }));
    }

    [Test]
    public void CreateTimer_Infinite_WaitsForChange()
    {
        using ITimer timer = Create(null, null);
        _scheduler.AdvanceTo(50);
        Assert.That(timer.Change(TimeSpan.FromTicks(10), Timeout.InfiniteTimeSpan));
        _scheduler.Start();

        Assert.That(_fired, Is.EqualTo(new[] { 60L }));
    }

    [Test]
    public void Change_ReplacesWhatWasDue()
    {
        using ITimer timer = Create(100, 10);
        timer.Change(TimeSpan.FromTicks(500), Timeout.InfiniteTimeSpan);
        _scheduler.Start();

        Assert.That(_fired, Is.EqualTo(new[] { 500L }));
    }

    [Test]
    public async Task Dispose_LeavesNothingScheduled()
    {
        ITimer first = Create(100, null), second = Create(100, 10);
        first.Dispose();
        await second.DisposeAsync();
        _scheduler.Start();

        Assert.That(_fired, Is.Empty);
        Assert.That(_scheduler.Clock, Is.Zero);
        Assert.That(first.Change(TimeSpan.Zero, TimeSpan.Zero), Is.False);
    }

    [Test]
    public void Dispose_WithinTheCallback_EndsThePeriod()
    {
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                _fired.Add(_scheduler.Clock);
                timer!.Dispose();
            },
            null,
            TimeSpan.FromTicks(10),
            TimeSpan.FromTicks(10));
        _scheduler.Start();

        Assert.That(_fired, Is.EqualTo(new[] { 10L }));
    }

    [Test]
    public void Dispose_SchedulerRunsTheActionAnyway_CallsNothing()
    {
        var scheduler = new DeafScheduler();
        ITimer timer = ClockOf(scheduler)
            .CreateTimer(_ => _fired.Add(0), null, TimeSpan.FromTicks(10), Timeout.InfiniteTimeSpan);

        timer.Dispose();
        scheduler.Actions.Single()();

        Assert.That(_fired, Is.Empty);
    }

    [Test]
    public void CreateTimer_NoCallback_IsRefused() =>
        Assert.That(
            () => Time.CreateTimer(null!, null, TimeSpan.Zero, TimeSpan.Zero),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("callback"));

    [Test]
    public void Delay_ResumesOnTheSchedulersThread()
    {
        TimeSpan span = TimeSpan.FromMilliseconds(70);
        Task delay = Task.Delay(span, Time);
        _scheduler.AdvanceTo(span.Ticks - 1);
        Assert.That(delay.IsCompleted, Is.False);

        _scheduler.AdvanceTo(span.Ticks);
        Assert.That(delay.IsCompletedSuccessfully);
    }

    private TimeProvider ClockOf(IScheduler scheduler) =>
        isOfTesting ? scheduler.ToTimeProvider() : new SchedulerTimeProvider(scheduler);

    private ITimer Create(long? dueTime, long? period) =>
        Time.CreateTimer(_ => _fired.Add(_scheduler.Clock), null, Ticks(dueTime), Ticks(period));

    /// <summary>A scheduler that runs its actions even if they were disposed of.</summary>
    private sealed class DeafScheduler : IScheduler
    {
        public List<Action> Actions { get; } = [];

        public DateTimeOffset Now => DateTimeOffset.MinValue;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
            Schedule(state, TimeSpan.Zero, action);

        public IDisposable Schedule<TState>(
            TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
            Schedule(state, dueTime - Now, action);

        public IDisposable Schedule<TState>(
            TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
        {
            Actions.Add(() => action(this, state));
            return Disposable.Empty;
        }
    }

    private static TimeSpan Ticks(long? ticks) =>
        ticks is { } value ? TimeSpan.FromTicks(value) : Timeout.InfiniteTimeSpan;
}
