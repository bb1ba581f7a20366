using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Rx.Sse.Samples;
using Rx.Sse.Samples.Resume;
using Rx.Sse.Tests.Integration.Servers;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The sample 'resume' as a program that is killed and restarted.</summary>
[CancelAfter(300_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Database => _folder.PathOf("events.db");

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Each run is killed while it works, when it reports another tenth of the events. How many more are stored by then
    /// is random. The server limits the events per run, so that there are as many kills on a slow machine as on a fast
    /// one. Takes 5 s, because the program is started 9 times.
    /// </summary>
    [Test]
    public async Task Resume_KilledAgainAndAgain_HasEveryEventOnce(CancellationToken hang)
    {
        const int Kills = 8;
        const int Count = 1000;
        const int MaxEventsPerRun = 120;
        using var allowed = new BehaviorSubject<int>(0);
        await using var server = new NumberedServer(number => $"data: {number}\n")
        {
            Count = Count,
            Pace = (id, aborted) => allowed.FirstAsync(limit => id <= limit).ToTask(aborted),
        };
        await server.StartAsync(hang);
        string[] arguments = ["resume", "--database", Database, "--url", $"{server.Url}", "--count", $"{Count}"];

        var stored = new List<int> { 0 };
        for (int kill = 0; kill < Kills; kill++)
        {
            allowed.OnNext(stored[^1] + MaxEventsPerRun);
            using var sample = SampleProcess.Start(arguments);
            await sample.ReadUntilAsync("00 of 1000 events stored\n", hang);
            sample.Kill();
            stored.Add(Check($"{server.Url}").Count);
        }

        allowed.OnNext(Count);
        SampleResult result = await SampleProcess.RunAsync(arguments, hang);

        TestContext.Out.WriteLine($"Events after each kill: {string.Join(' ', stored)}");
        Assert.That(stored, Is.Ordered.And.Unique);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            result.Output,
            Does.StartWith($"Resuming after ID {stored[^1]}: {Database} has {stored[^1]} events.\n")
                .And.EndWith($"{Count} of {Count} events in the database: 0 missing, 0 stored twice. "
                    + $"This run stored {Count - stored[^1]}.\n"));
        Assert.That(Check($"{server.Url}"), Is.EqualTo((Count, $"{Count}")));
    }

    /// <summary>Takes 5 s: the sample's own server sends slowly and breaks each connection after 30 events.</summary>
    [Test]
    public async Task Resume_Interrupted_SaysWhereItIsAndResumes(CancellationToken hang)
    {
        // The program cannot finish this many events before it is interrupted, even if this process is slow.
        using (var sample = SampleProcess.Start("resume", "--database", Database, "--count", "100000"))
        {
            Assert.That(
                await sample.Output.ReadLineAsync(hang),
                Is.EqualTo($"Starting with the first event: {Database} has none of this stream."));
            Assert.That(
                await sample.Output.ReadLineAsync(hang),
                Does.StartWith("30 of 100000 events stored; reconnecting in 1 s because the connection to http://"));
            Assert.That(
                await sample.Output.ReadLineAsync(hang), Is.EqualTo("30 of 100000 events stored; connected again"));
            sample.Interrupt();
            SampleResult interrupted = await sample.EndAsync(hang);
            Assert.That(interrupted.ExitCode, Is.EqualTo(130));
            Assert.That(interrupted.Output, Does.Match("of 100000 events in the database: 0 missing, 0 stored twice."));
        }

        int count = Check("embedded").Count;
        int all = count + 5;
        string[] arguments = ["resume", "--database", Database, "--count", $"{all}"];
        SampleResult result = await SampleProcess.RunAsync(arguments, hang);
        SampleResult rerun = await SampleProcess.RunAsync(arguments, hang);

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(
            result.Output,
            Does.StartWith($"Resuming after ID {count}: {Database} has {count} events.\n").And.EndWith(
                $"\n{all} of {all} events in the database: 0 missing, 0 stored twice. This run stored 5.\n"));
        Assert.That((rerun.ExitCode, rerun.Errors), Is.EqualTo((0, "")));
        Assert.That(rerun.Output, Does.Match($"^Nothing to do: .* already has {all} events .*\n$"));
    }

    [Test]
    [Platform("Linux", Reason = "Elsewhere, 'script' takes other arguments.")]
    public async Task Resume_AtATerminal_RedrawsOneLine(CancellationToken hang)
    {
        using SampleProcess terminal = SampleProcess.StartAtTerminal("resume", "--database", Database, "--count", "5");

        SampleResult result = await terminal.EndAsync(hang);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.Contain("\r\x1b[2K").And.Contain(" 4 of 5 events stored"));
        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Resume_EventWithoutId_IsRefused(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(
            context => context.SendAsync("id: 1\ndata:\n\ndata:\n\n"));

        SampleResult result = await SampleProcess.RunAsync(
            ["resume", "--database", Database, "--url", server.Url], hang);

        Assert.That((result.ExitCode, Check(new Uri(server.Url).ToString())), Is.EqualTo((1, (1, "1"))));
        Assert.That(result.Errors, Does.StartWith("The stream has an event without an ID.").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Resume_NoDatabase_SaysSo(CancellationToken hang)
    {
        string file = _folder.Write("events.db", new string('x', 10_000));

        SampleResult result = await SampleProcess.RunAsync(["resume", "--database", file], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Contain(file).And.Contain("not a database").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Resume_Unreachable_SaysSoAndFails(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(
            ["resume", "--database", Database, "--url", "http://localhost:1"], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.Match("^Could not connect to http://localhost:1/.*: .*localhost:1.*\n$"));
    }

    [TestCase("--url localhost", "http://localhost")]
    [TestCase("--count many", "--count")]
    [TestCase("--database", "--database")]
    public async Task Resume_BadArgument_SaysWhatToDo(string arguments, string expected, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["resume", .. arguments.Split(' ')], hang);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Errors, Does.Contain(expected).And.Contain("--help"));
    }

    /// <summary>
    /// Checks the database that a process has left: each event is stored once, and the last event ID is that of the
    /// last event.
    /// </summary>
    private (int Count, string LastEventId) Check(string stream)
    {
        using var store = new EventStore(Database, stream);
        Assert.That(store.Check().IsExactlyOnce, store.Check().Describe(null));
        Assert.That(store.LastEventId, Is.EqualTo(store.Count == 0 ? "" : $"{store.Count}"));
        return ((int)store.Count, store.LastEventId);
    }
}
