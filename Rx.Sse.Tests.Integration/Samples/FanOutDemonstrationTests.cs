namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>
/// The fan-out's demonstration, in a fixture of its own: it mostly waits, so it runs beside the others.
/// </summary>
[CancelAfter(120_000)]
internal sealed class FanOutDemonstrationTests
{
    /// <summary>
    /// Takes 13 s, as the demonstration does for whoever watches it: 200 events, one every 50 ms, and the outages.
    /// </summary>
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
