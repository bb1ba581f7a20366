using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Integration.Hostile;

/// <summary>Runs the first inputs of the fuzzer over a socket. The fuzzer itself can run for hours.</summary>
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
