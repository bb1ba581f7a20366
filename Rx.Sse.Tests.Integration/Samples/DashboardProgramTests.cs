namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The sample 'dashboard' as a program: its port and its shutdown.</summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class DashboardProgramTests
{
    [Test]
    public async Task Program_Interrupted_EndsWellAndAtOnce(CancellationToken hang)
    {
        using var sample = SampleProcess.Start("dashboard", "--port", "0");
        string? address = await sample.Output.ReadLineAsync(hang);

        sample.Interrupt();
        SampleResult result = await sample.EndAsync(hang);

        Assert.That(address, Does.StartWith("Open http://127.0.0.1:"));
        Assert.That(result, Is.EqualTo(new SampleResult(0, "", "")));
    }

    [Test]
    public async Task Program_PortIsTaken_SaysSo(CancellationToken hang)
    {
        using var first = SampleProcess.Start("dashboard", "--port", "0");
        string port = (await first.Output.ReadLineAsync(hang))!.Split(':', '/')[4];

        SampleResult second = await SampleProcess.RunAsync(["dashboard", "--port", port], hang);

        Assert.That(second.ExitCode, Is.EqualTo(1));
        Assert.That(second.Errors, Does.Contain("address already in use").And.Not.Contain("   at "));
    }

    [TestCase("x")]
    [TestCase("65536")]
    public async Task Program_PortIsNone_SaysWhatIsPossible(string port, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["dashboard", "--port", port], hang);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("--port"));
    }
}
