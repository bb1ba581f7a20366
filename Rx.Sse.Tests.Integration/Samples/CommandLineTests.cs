namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The help and the error messages of the samples' program.</summary>
[CancelAfter(60_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class CommandLineTests
{
    [TestCase("help")]
    [TestCase("--help")]
    [TestCase("-h")]
    public async Task Help_DescribesEachSampleInALine(string help, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync([help], hang);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Output.Split('\n'), Has.Some.Match("^ +quick-start +Resume a stream"));
    }

    [TestCase("quickstart", "'quickstart'")]
    [TestCase("quick-start now", "'now'")]
    [TestCase("quick-start --fast", "'--fast'")]
    public async Task UnknownArgument_IsNamedOnStandardErrorWithWhatToDo(
        string arguments, string named, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(arguments.Split(' '), hang);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors, Does.Contain(named).And.Contain("--help"));
    }

    /// <summary>A program that the build copies there, without the files it needs, would not start.</summary>
    [Test]
    public void Build_LeavesNoOtherProgramBesideTheSamples() =>
        Assert.That(
            Directory.GetFiles(Path.GetDirectoryName(BuildOutput.Samples)!, "*.deps.json").Select(Path.GetFileName),
            Is.EqualTo(new[] { "Rx.Sse.Samples.deps.json" }));
}
