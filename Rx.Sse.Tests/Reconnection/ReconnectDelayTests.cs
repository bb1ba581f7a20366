using Polly;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Tests.Reconnection;

internal sealed class ReconnectDelayTests
{
    private static readonly ReconnectDelay Default = new(
        TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), DelayBackoffType.Exponential);

    [TestCase(1, 3)]
    [TestCase(2, 6)]
    [TestCase(4, 24)]
    [TestCase(5, 30)]
    [TestCase(1000, 30)]
    [TestCase(int.MaxValue, 30)]
    public void After_Exponential_DoublesUpToTheCap(int failures, double seconds) =>
        Assert.That(Default.After(failures - 1, null, TimeSpan.Zero, 0), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(DelayBackoffType.Linear, 4, 12)]
    [TestCase(DelayBackoffType.Linear, 400, 30)]
    [TestCase(DelayBackoffType.Constant, 4, 3)]
    public void After_OtherBackoffs_MeanWhatTheyMeanInPolly(DelayBackoffType backoff, int failures, double seconds) =>
        Assert.That(
            (Default with { Backoff = backoff }).After(failures - 1, null, TimeSpan.Zero, 0),
            Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [Test]
    public void After_NoCap_GrowsAsFarAsTimersReach()
    {
        ReconnectDelay delay = Default with { MaxDelay = null };

        Assert.That(delay.After(5, null, TimeSpan.Zero, 0), Is.EqualTo(TimeSpan.FromSeconds(96)));
        Assert.That(delay.After(int.MaxValue, null, TimeSpan.Zero, 1), Is.EqualTo(ReconnectDelay.Ceiling));
    }

    [TestCase(1, 1)]
    [TestCase(0.01, 0.1)]
    public void After_CapBelowTheBase_Caps(double cap, double seconds) =>
        Assert.That(
            (Default with { MaxDelay = TimeSpan.FromSeconds(cap) }).After(2, null, TimeSpan.Zero, 0),
            Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(1, 1, 1)]
    [TestCase(1, 6, 30)]
    [TestCase(45, 1, 45)]
    [TestCase(45, 3, 45)]
    [TestCase(0, 1, 0.1)]
    [TestCase(0, 3, 0.4)]
    [TestCase(0.05, 1, 0.1)]
    public void After_ReconnectionTime_ReplacesTheBaseAndRaisesTheCap(double retry, int failures, double seconds) =>
        Assert.That(
            Default.After(failures - 1, TimeSpan.FromSeconds(retry), TimeSpan.Zero, 0),
            Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(1, 3)]
    [TestCase(10, 10)]
    [TestCase(3600, 3600)]
    public void After_RetryAfter_IsALowerBound(double retryAfter, double seconds) =>
        Assert.That(
            Default.After(0, null, TimeSpan.FromSeconds(retryAfter), 0), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [Test]
    public void After_Extremes_StayWithinFloorAndCeiling()
    {
        TimeSpan[] times =
            [TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(3), TimeSpan.FromDays(1), TimeSpan.MaxValue];
        foreach (TimeSpan? time in times.Select(time => (TimeSpan?)time).Append(null))
        {
            foreach (TimeSpan retryAfter in times)
            {
                foreach (int failures in new[] { 1, 2, 63, 64, 1024, int.MaxValue })
                {
                    foreach (double chance in new[] { 0, 0.5, 1 })
                        Assert.That(
                            Default.After(failures - 1, time, retryAfter, chance),
                            Is.InRange(ReconnectDelay.Floor, ReconnectDelay.Ceiling));
                }
            }
        }
    }

    [Test]
    public void After_Jitter_AddsUpToHalfTheDelay()
    {
        Assert.That(Default.After(1, null, TimeSpan.Zero, 1), Is.EqualTo(TimeSpan.FromSeconds(9)));
        Assert.That(Default.After(8, null, TimeSpan.Zero, 1), Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(Default.After(0, null, TimeSpan.FromSeconds(100), 1), Is.EqualTo(TimeSpan.FromSeconds(101.5)));
    }
}
