using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Integration.Hostile;

/// <summary>The first inputs of what the fuzzer can try for hours, over a socket.</summary>
[CancelAfter(600_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class FuzzTests
{
    [Test]
    public async Task Responses_AnyBytesOnASocket_EndInADocumentedWay([Values(1, 2)] int seed, CancellationToken hang)
    {
        await using var target = new RawHeadTarget();

        await Tests.Hostile.FuzzTests.TryAsync(target, seed, 1_500, hang);

        string[] outcomes = ["good", "completed", nameof(SseResponseException), nameof(SseConnectionException)];
        foreach (string outcome in outcomes)
            Assert.That(target.Tally[outcome], Is.GreaterThan(100), outcome);
        Assert.That(target.Tally[nameof(SseLimitException)], Is.Positive);
        Assert.That(target.Tally[nameof(SseRequestException)], Is.Positive);
    }
}
