using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Checks that the checker of event sequences detects errors.</summary>
internal sealed class SequenceCheckerTests
{
    [TestCase(new long[] { 1, 2, 3 }, "3 events, 0 lost, 0 doubled, 0 out of order, 0 damaged")]
    [TestCase(new long[] { 1, 2, 4 }, "3 events, 1 lost, 0 doubled, 0 out of order, 0 damaged")]
    [TestCase(new long[] { 3 }, "1 events, 2 lost, 0 doubled, 0 out of order, 0 damaged")]
    [TestCase(new long[] { 1, 2, 2, 1 }, "4 events, 0 lost, 2 doubled, 0 out of order, 0 damaged")]
    [TestCase(new long[] { 1, 3, 2, 2 }, "4 events, 0 lost, 1 doubled, 1 out of order, 0 damaged")]
    public void Add_Numbers_CountsWhatIsWrong(long[] numbers, string expected)
    {
        var sequence = new SequenceChecker();

        foreach (long number in numbers)
            sequence.Add(Event(number, ReplayLog.DataOf(number)));

        Assert.That($"{sequence}", Is.EqualTo(expected));
        Assert.That(
            sequence.IsFlawless,
            Is.EqualTo(expected.Contains("0 lost, 0 doubled, 0 out", StringComparison.Ordinal)));
    }

    [Test]
    public void Add_OtherDataThanTheNumbers_IsDamage()
    {
        var sequence = new SequenceChecker();

        sequence.Add(Event(1, ReplayLog.DataOf(2)));

        Assert.That($"{sequence}", Is.EqualTo("1 events, 0 lost, 0 doubled, 0 out of order, 1 damaged"));
        Assert.That(sequence.IsFlawless, Is.False);
    }

    private static SseEvent Event(long number, string data) =>
        new() { Id = $"{number}", LastEventId = $"{number}", Data = data };
}
