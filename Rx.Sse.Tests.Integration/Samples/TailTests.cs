using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Testing;
using Rx.Sse.Tests.Integration.Servers;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Samples;

/// <summary>The sample 'tail' as a program, as scripts and shells use it.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class TailTests
{
    private const string Unreachable = "http://localhost:1/";

    [Test]
    public async Task Tail_NoUrl_FollowsTheEmbeddedServer(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["tail", "--json", "--count", "3"], hang);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(
            result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Has.Length.EqualTo(3).And.All.StartWith("{").And.All.EndsWith("}"));
        Assert.That(result.Errors, Does.Contain("No URL"));
    }

    [Test]
    public async Task Tail_RawIntoAPipe_LeavesEveryByteAsItIs(CancellationToken hang)
    {
        const string Data = "\u001b[2J\u009b\u202e[red]é漢😀\t\u007f ";
        await using SocketServer server = await SocketServer.StartAsync(
            context => context.SendAsync($"data: {Data}\ndata:\n\n"));

        SampleResult result = await SampleProcess.RunAsync(["tail", server.Url, "--raw", "--retries", "0"], hang);

        Assert.That(result, Is.EqualTo(new SampleResult(0, $"{Data}\n\n", "")));
    }

    [Test]
    public async Task Tail_SinceFile_NextRunResumes(CancellationToken hang)
    {
        using var folder = new TempFolder();
        string[] arguments =
            ["tail", "--raw", "--count", "3", "--event", "message", "--since-file", folder.PathOf("since")];
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            for (int id = int.Parse($"0{context.LastEventId()}", CultureInfo.InvariantCulture) + 1; id < 100; id++)
                await context.SendAsync($"id: {id}\ndata: {id}\n\n");
        });

        SampleResult first = await SampleProcess.RunAsync([.. arguments, server.Url], hang);
        SampleResult second = await SampleProcess.RunAsync([.. arguments, server.Url], hang);

        Assert.That((first.Output, second.Output), Is.EqualTo(("1\n2\n3\n", "4\n5\n6\n")));
    }

    /// <summary>Plays the recording with the library, as someone who receives a bug report would do.</summary>
    [Test]
    public async Task Tail_Record_CanBePlayed(CancellationToken hang)
    {
        using var folder = new TempFolder();
        string recording = folder.PathOf("outage.txt");
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            string id = context.LastEventId();
            await context.SendAsync($"retry: 100\nid: {id}i\ndata: after '{id}'\n\n");
        });

        SampleResult result = await SampleProcess.RunAsync(
            [
                "tail", $"{server.Url}?token=secret", "-H", "Authorization: secret", "--raw", "-n", "3",
                "--record", recording,
            ],
            hang);
        List<string> played = [];
        var scheduler = new HistoricalScheduler();
        Observable.FromSse(SseTestServer.Replay(recording, scheduler).CreateClient(), "/", null, scheduler)
            .Take(3).Subscribe(e => played.Add(e.Data));
        scheduler.Start();

        Assert.That(result, Is.EqualTo(new SampleResult(0, "after ''\nafter 'i'\nafter 'ii'\n", result.Errors)));
        Assert.That(played, Is.EqualTo(new[] { "after ''", "after 'i'", "after 'ii'" }));
        Assert.That(await File.ReadAllTextAsync(recording, hang), Does.Not.Contain("secret"));
    }

    [Test]
    [Platform("Linux")]
    public async Task Tail_RecordOnAFullDisk_ContinuesAndSaysSo(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context => context.SendAsync("data: a\n\n"));

        SampleResult result = await SampleProcess.RunAsync(
            ["tail", server.Url, "--raw", "-n", "1", "--record", "/dev/full"], hang);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((1, "a\n")));
        Assert.That(result.Errors, Does.Contain("The recording is not complete. "));
    }

    [Test]
    public async Task Tail_ReaderGoes_EndsQuietly(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            while (true)
                await context.SendAsync("data: a\n\n");
        });
        using var sample = SampleProcess.Start("tail", server.Url, "--raw");
        await sample.Output.ReadLineAsync(hang);

        sample.Output.Close();

        Assert.That(await sample.Errors.ReadToEndAsync(hang), Is.Empty);
        Assert.That(await sample.ExitCodeAsync(hang), Is.Zero);
    }

    [Test]
    public async Task Tail_Interrupted_EndsWith130(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
        });
        using var sample = SampleProcess.Start("tail", server.Url, "--raw");
        await sample.Output.ReadLineAsync(hang);

        sample.Interrupt();

        Assert.That(await sample.EndAsync(hang), Is.EqualTo(new SampleResult(130, "", "")));
    }

    [Test]
    public async Task Tail_FewerThanCount_IsAFailureWithAMessage(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context => context.SendAsync("data: a\n\n"));

        SampleResult result = await SampleProcess.RunAsync(
            ["tail", server.Url, "--raw", "--count", "2", "--retries", "0"], hang);

        Assert.That(result, Is.EqualTo(new SampleResult(1, "a\n", "Only 1 of 2 events came.\n")));
    }

    [Test]
    public async Task Tail_ErrorOfAnApi_IsShownWithoutControls(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{\"error\":\"no key\u001b[2J\"}");
        });

        SampleResult result = await SampleProcess.RunAsync(["tail", server.Url], hang);

        string errors = $"The server answered with the status 429 (Too Many Requests). ({server.Url}/)\n"
            + "{\"error\":\"no key␛[2J\"}\n";
        Assert.That(result, Is.EqualTo(new SampleResult(1, "", errors)));
    }

    [Test]
    public async Task Tail_Unreachable_SaysSoAndFails(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["tail", Unreachable], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors, Does.Match("^Could not connect to http://localhost:1/.*: .*localhost:1.*\n$"));
    }

    [TestCase("localhost:5000", "Did you mean http://localhost:5000?")]
    [TestCase("file:///etc/passwd", "http:// or https://")]
    [TestCase($"{Unreachable} --json --raw", "Choose one")]
    [TestCase($"{Unreachable} --header x", "Name: value")]
    [TestCase($"{Unreachable} --header Last-Event-ID:1", "--last-event-id")]
    [TestCase($"{Unreachable} --header Content-Type:a/b", "'Content-Type'")]
    [TestCase($"{Unreachable} --count 0", "--count")]
    [TestCase($"{Unreachable} --record x --since-file ./x", "two files")]
    [TestCase($"{Unreachable} --record x --since-file no/such/folder", "Create it first")]
    [TestCase($"{Unreachable} --record no/such/folder", "Create it first")]
    [TestCase($"{Unreachable} --data @no/such/file", "cannot be read")]
    [TestCase($"{Unreachable} --data x --header x", "Name: value")]
    [TestCase($"{Unreachable} --method G=T", "is not a method")]
    [TestCase($"{Unreachable} --timeout soon", "--timeout")]
    [TestCase($"{Unreachable} --since-file no/such/folder", "Create it first")]
    public async Task Tail_BadArgument_SaysWhatToDo(string arguments, string expected, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["tail", .. arguments.Split(' ')], hang);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Errors, Does.Contain(expected).And.Contain("--help"));
    }

    [Test]
    public async Task Tail_Help_HasExamplesAndExitCodes(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["tail", "--help"], hang);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(
            result.Output, Does.Contain("--since-file").And.Contain("Examples:").And.Contain("130  interrupted"));
    }
}
