using Rx.Sse.Tests.Reliability;
using Rx.Sse.Tests.Reliability.Soak;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>The command for long runs: its output and its exit code.</summary>
[CancelAfter(180_000)]
internal sealed class SoakCommandTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [SetUp]
    public void Forget()
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
    }

    [TestCase("--streams 0", "'0' is no good value for --streams; --help says what is.")]
    [TestCase("--streams", "'' is no good value for --streams; --help says what is.")]
    [TestCase("--minutes x", "'x' is no good value for --minutes; --help says what is.")]
    [TestCase("--seed 1.5", "'1.5' is no good value for --seed; --help says what is.")]
    [TestCase("--hours 1", "There is no option '--hours'; --help lists them.")]
    public async Task Run_BadArguments_SaysWhichInASentence(string arguments, string sentence, CancellationToken hang)
    {
        Assert.That(await RunAsync(arguments, hang), Is.EqualTo(ExitCode.BadArguments));
        Assert.That($"{_error}".Trim(), Is.EqualTo(sentence));
        Assert.That($"{_output}", Is.Empty);
    }

    [Test]
    public async Task Run_Help_ListsTheOptions(CancellationToken hang)
    {
        Assert.That(await RunAsync("--help", hang), Is.EqualTo(ExitCode.Success));
        Assert.That($"{_output}", Does.Contain("--streams").And.Contain("--minutes").And.Contain("--seed"));
    }

    /// <summary>
    /// Takes 4 s or more: the command warms up, runs in real time, and waits until each stream has received another
    /// event.
    /// </summary>
    [Test]
    public async Task Run_FewStreamsForAMoment_LosesAndDoublesNothing(CancellationToken hang)
    {
        int exitCode = await RunAsync("--streams 10 --minutes 0.03 --seed 7", hang);

        TestContext.Out.WriteLine(_output);
        Assert.That(exitCode, Is.EqualTo(ExitCode.Success));
        Assert.That(
            $"{_output}",
            Does.Contain("\n0 lost, 0 doubled, 0 out of order, 0 damaged; streams that ended 0, that got stuck 0."));
        Assert.That($"{_output}", Does.Match(@"\| before \| 0 \| 0 ").And.Match(@"\| after \| 10 \| [1-9]\d+ "));
    }

    private Task<int> RunAsync(string arguments, CancellationToken hang) =>
        SoakCommand.RunAsync(arguments.Split(' '), _output, _error, hang);
}
