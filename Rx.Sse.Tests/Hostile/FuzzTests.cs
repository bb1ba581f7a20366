using Rx.Sse.Tests.Reliability;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Hostile;

/// <summary>The first inputs of the fuzzing program in this project, which can run for hours.</summary>
[CancelAfter(600_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class FuzzTests
{
    /// <summary>
    /// Can take more than 5 s while the integration tests run: each stream is parsed whole and cut in many ways.
    /// </summary>
    [Test]
    public async Task Streams_HoweverHostileAndCut_AreReadAsTheRulesSay([Values(1, 2)] int seed, CancellationToken hang)
    {
        using var target = new StreamTarget();

        await TryAsync(target, seed, 200, hang);

        string[] kinds =
        [
            "comments", "events", "events of several lines", "events with ID", "events with type",
            "events with ill-formed UTF-8", "retries", "limits",
        ];
        foreach (string what in kinds)
            Assert.That(target.Tally[what], Is.GreaterThan(30), what);
        Assert.That(target.Tally["limits"], Is.LessThan(target.Tally.Inputs * 2 / 3));
    }

    [Test]
    public async Task Responses_AnyStatusAndHeaders_AreTakenAsDocumented(
        [Values(1, 2)] int seed, CancellationToken hang)
    {
        var target = new HeadTarget();

        await TryAsync(target, seed, 1_500, hang);

        string[] outcomes = ["opened", "completed", "failed", nameof(SseResponseException), "with Retry-After"];
        foreach (string outcome in outcomes)
            Assert.That(target.Tally[outcome], Is.GreaterThan(100), outcome);
    }

    [TestCase("--minutes")]
    [TestCase("--minutes 0")]
    [TestCase("--minutes NaN")]
    [TestCase("--seed -1")]
    [TestCase("--hours 1")]
    public async Task Fuzz_BadOptions_AreRefused(string options) =>
        Assert.That(await FuzzCommand.RunAsync(options.Split(' ')), Is.EqualTo(2));

    /// <summary>Tries the first <paramref name="count"/> inputs of a seed.</summary>
    internal static async Task TryAsync(FuzzTarget target, int seed, int count, CancellationToken hang)
    {
        for (int number = 0; number < count; number++)
        {
            hang.ThrowIfCancellationRequested();
            if (await target.TryAsync(seed, number) is { } difference)
                Assert.Fail(difference);
        }

        TestContext.Out.WriteLine($"Seed {seed}, {target.Tally}");
    }
}
