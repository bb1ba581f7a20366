using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Delays that the caller chooses.</summary>
internal sealed class DelayGeneratorTests
{
    [Test]
    public void DelayGenerator_ReturnsADelay_HasTheLastWord() =>
        Assert.That(
            RequestTimes(attempt => attempt == 0 ? FromSeconds(1) : null, 20), Is.EqualTo(new[] { 0.0, 1, 7, 19 }));

    [TestCase(0)]
    [TestCase(0.05)]
    public void DelayGenerator_ReturnsLessThanTheFloor_WaitsThatLong(double seconds) =>
        Assert.That(
            RequestTimes(attempt => FromSeconds(attempt < 2 ? seconds : 5), 5.2),
            Is.EqualTo(new[] { 0.0, 0.1, 0.2, 5.2 }));

    [Test]
    public void DelayGenerator_ReturnsLessThanZero_IsNotHeeded() =>
        Assert.That(RequestTimes(_ => FromSeconds(-1), 5), Is.EqualTo(new[] { 0.0, 3 }));

    [Test]
    public void DelayGenerator_ReturnsMoreThanTimersReach_WaitsAsLongAsTheyDo() =>
        Assert.That(
            RequestTimes(attempt => attempt == 0 ? MaxValue : null, 2_147_484),
            Is.EqualTo(new[] { 0.0, int.MaxValue / 1000.0 }));

    /// <summary>Returns when connections are attempted until the given time, if none of them succeeds.</summary>
    private static double[] RequestTimes(Func<int, TimeSpan?> delay, double until) => Story
        .Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with { DelayGenerator = args => new(delay(args.AttemptNumber)) },
            },
            Refuse())
        .Until(until)
        .RequestTimes;
}
