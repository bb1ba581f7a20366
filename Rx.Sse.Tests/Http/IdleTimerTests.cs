using Microsoft.Reactive.Testing;
using Rx.Sse.Http;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Tests.Http;

internal sealed class IdleTimerTests
{
    [Test]
    public void Timer_RunsOutWithoutAWait_DoesNotExpire()
    {
        var scheduler = new TestScheduler();
        using var timer = new IdleTimer(
            new SchedulerTimeProvider(scheduler), TimeSpan.FromTicks(100), CancellationToken.None);
        timer.BeginWait();
        scheduler.AdvanceTo(50);
        timer.EndWait();

        scheduler.AdvanceTo(1000);
        Assert.That(timer.HasExpired, Is.False);

        timer.BeginWait();
        scheduler.AdvanceTo(1099);
        Assert.That(timer.HasExpired, Is.False);
        scheduler.AdvanceTo(1100);
        Assert.That(timer.HasExpired);
        Assert.That(timer.Token.IsCancellationRequested);
    }

    [Test]
    public void Timer_CancelledFromOutside_DoesNotExpire()
    {
        var scheduler = new TestScheduler();
        using var cancellation = new CancellationTokenSource();
        using var timer = new IdleTimer(
            new SchedulerTimeProvider(scheduler), TimeSpan.FromTicks(100), cancellation.Token);

        cancellation.Cancel();

        Assert.That(timer.Token.IsCancellationRequested);
        Assert.That(timer.HasExpired, Is.False);
    }

    [Test]
    public void Dispose_AtTheMomentOfExpiry_NeverThrowsOnTheTimersThread()
    {
        var time = new SchedulerTimeProvider(System.Reactive.Concurrency.DefaultScheduler.Instance);
        for (int i = 0; i < 2_000; i++)
        {
            // An exception on the timer's thread would end the process and therefore the test run.
            using var timer = new IdleTimer(time, TimeSpan.FromTicks(1), CancellationToken.None);
            timer.BeginWait();
            Assert.That(SpinWait.SpinUntil(() => timer.HasExpired, TimeSpan.FromMinutes(1)));
        }
    }
}
