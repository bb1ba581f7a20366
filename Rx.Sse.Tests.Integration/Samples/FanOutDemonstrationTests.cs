namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>
/// The demonstration of the fan-out sample. It mostly waits, so it is in a separate fixture that runs in parallel with
/// the others.
/// </summary>
[CancelAfter(120_000)]
internal sealed class FanOutDemonstrationTests
{
    /// <summary>Takes 13 s, like the demonstration for a user: 200 events, one every 50 ms, and the outages.</summary>
    [Test]
    public async Task Demonstration_Followers_MissNothing(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["fan-out", "--followers", "20"], hang);

        Assert.That(result.Errors, Is.Empty);
        Assert.That(
            result.Output,
            Does.Match("20 followers received [0-9,]+ events: 0 missing, 0 received twice")
                .And.Match("drops all [0-9]+ followers"));
        Assert.That(result.Output, Does.Match("Upstream had [0-9]+ connections, 1 at a time"));
        Assert.That(result.ExitCode, Is.Zero);
    }
}
