using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using Rx.Sse.Samples;
using Rx.Sse.Samples.Resume;
using Rx.Sse.Tests.Integration.Servers;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The sample 'resume' as a program that is killed, and finds its way back.</summary>
[CancelAfter(300_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal sealed class ResumeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Database => _folder.PathOf("events.db");

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Each run is killed at work, after it has reported a number of events; how far it is with the next ones is up to
    /// chance. The server lets no run get far, so that a slow machine sees as many kills as a fast one. Takes 5 s,
    /// because a program is started 11 times.
    /// </summary>
    [Test]
    public async Task Resume_KilledAgainAndAgain_HasEveryEventOnce(CancellationToken hang)
    {
        const int Kills = 10;
        const int MostEventsToTell = 30;
        const int MostEventsInARun = 60;
        const int Count = (Kills + 1) * MostEventsInARun;
        var random = new Random(20260704);
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
            allowed.OnNext(stored[^1] + MostEventsInARun);
            using var sample = SampleProcess.Start(arguments);
            for (int told = random.Next(MostEventsToTell + 1); told >= 0; told--)
                Assert.That(await sample.Output.ReadLineAsync(hang), Is.Not.Null);
            sample.Kill();
            stored.Add(Check($"{server.Url}").Count);
        }

        allowed.OnNext(Count);
        SampleResult result = await SampleProcess.RunAsync(arguments, hang);

        TestContext.Out.WriteLine($"Events after each kill: {string.Join(' ', stored)}");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            result.Output,
            Does.StartWith($"Goes on after ID {stored[^1]}:").And.EndWith($"Events: {Count}. Gaps: 0. Doubles: 0.\n"));
        Assert.That(Check($"{server.Url}"), Is.EqualTo((Count, $"{Count}")));
    }

    /// <summary>
    /// Takes 5 s: the sample's own server sends at the pace of its demonstration, and cuts the connection once.
    /// </summary>
    [Test]
    public async Task Resume_Interrupted_SaysWhereItIsAndGoesOn(CancellationToken hang)
    {
        // So many that it cannot come to its end before it is interrupted, however slow this process is.
        using (var sample = SampleProcess.Start("resume", "--database", Database, "--count", "100000"))
        {
            Assert.That(await sample.Output.ReadLineAsync(hang), Does.StartWith("Begins"));
            await sample.Output.ReadLineAsync(hang);
            sample.Interrupt();
            SampleResult interrupted = await sample.EndAsync(hang);
            Assert.That(interrupted.ExitCode, Is.EqualTo(130));
            Assert.That(interrupted.Output, Does.Match("Events: .* Gaps: 0. Doubles: 0.\n$"));
        }

        // Far enough for the embedded server to cut the connection once.
        (int count, string reached) = Check("embedded");
        int all = count + 35;
        SampleResult result = await SampleProcess.RunAsync(
            ["resume", "--database", Database, "--count", $"{all}"], hang);

        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        Assert.That(
            result.Output,
            Does.StartWith($"Goes on after ID {reached}:").And.EndWith($"Events: {all}. Gaps: 0. Doubles: 0.\n"));
    }

    [Test]
    public async Task Resume_EventWithoutId_IsRefused(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(
            context => context.SendAsync("id: 1\ndata:\n\ndata:\n\n"));

        SampleResult result = await SampleProcess.RunAsync(
            ["resume", "--database", Database, "--url", server.Url], hang);

        Assert.That((result.ExitCode, Check(new Uri(server.Url).ToString())), Is.EqualTo((1, (1, "1"))));
        Assert.That(result.Errors, Does.StartWith("There is an event without an ID").And.Not.Contain("   at "));
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

    /// <summary>What a process has left behind: no gap, no double, and a resume point at the last event.</summary>
    private (int Count, string LastEventId) Check(string stream)
    {
        using var store = new EventStore(Database, stream);
        Assert.That(store.Check().IsExactlyOnce, $"{store.Check()}");
        Assert.That(store.LastEventId, Is.EqualTo(store.Count == 0 ? "" : $"{store.Count}"));
        return ((int)store.Count, store.LastEventId);
    }
}
