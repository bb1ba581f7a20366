using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Documentation;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>The programs of the READMEs do what the pages say.</summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReadmeTests : ProgramFixture
{
    [Test]
    public async Task FirstExample_PrintsPrices(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync("event: other\ndata: a\n\nevent: price\ndata: 99.5\n\n");
        using PastedProgram program = Start(Page.Read("README.md").Programs[0], server);

        await AssertPrintsAsync(program, hang, "99.5");
        Assert.That(await program.EnterAsync(hang), Is.Zero);
    }

    [Test]
    public async Task FirstExample_NotFound_PrintsTheError(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync((context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        using PastedProgram program = Start(Page.Read("README.md").Programs[0], server);

        Assert.That(await program.Output.ReadLineAsync(hang), Does.Contain("404"));
        Assert.That(await program.EnterAsync(hang), Is.Zero, "the process has not ended by itself");
    }

    [Test]
    public async Task Json_IsReadFromTheBytes(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync("data: {\"Symbol\":\"ACME\",\ndata: \"Amount\":99.5}\n\n");
        using PastedProgram program = Start(Page.Read("README.md").ProgramAfter("**JSON from the bytes**"), server);

        await AssertPrintsAsync(program, hang, "99.5");
    }

    [Test]
    public async Task Answer_OfAnLlm_IsPrinted(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync("data: Hello\n\ndata: [DONE]\n\n");
        using PastedProgram program = Start(Page.Read("README.md").ProgramAfter("**An answer of an LLM**"), server);

        await AssertPrintsAsync(program, hang, "Hello", "The answer is complete.");
        Assert.That(Requests, Is.EqualTo(new[] { "POST /v1/chat/completions" }));
    }

    [Test]
    public async Task Answer_IsCutOff_PrintsTheError(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync((context, _) => context.SendAsync("data: Hello\n\n"));
        using PastedProgram program = Start(Page.Read("README.md").ProgramAfter("**An answer of an LLM**"), server);

        await AssertPrintsAsync(program, hang, "Hello");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.StartWith("The server ended the event stream."));
    }

    [Test]
    public async Task Sample_PrintsTheNewest(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync(
            string.Concat(Enumerable.Range(1, 50).Select(price => $"data: {price}\n\n")));
        string source = Page.Read("README.md").ProgramAfter("**A view that is not flooded**");
        using PastedProgram program = Start(source, server);

        List<string> lines = [];
        while (lines.LastOrDefault() != "50")
            lines.Add((await program.Output.ReadLineAsync(hang))!);
        Assert.That(lines, Has.Count.LessThan(50));
    }

    [Test]
    public async Task Resume_TheNextRun_GoesOnAfterTheStoredId(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            await context.SendAsync($"id: {number}\ndata: after '{context.LastEventId()}'\n\n");
            await context.UntilAbortedAsync();
        });
        using var folder = new TempFolder();
        string source = Page.Read("README.md").ProgramAfter("**Resume in the next run")
            .Replace("last-id.txt", Path.Combine(folder.Path, "last-id.txt"), StringComparison.Ordinal);

        using (PastedProgram program = Start(source, server))
        {
            await AssertPrintsAsync(program, hang, "after ''");
            await program.EnterAsync(hang);
        }

        using PastedProgram next = Start(source, server);
        await AssertPrintsAsync(next, hang, "after '1'");
    }

    [Test]
    public async Task StatusLine_TellsOfTheConnection(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            await context.SendAsync($"retry: 100\nid: 1\ndata: {number}\n\n");
            if (number == 2)
                await context.UntilAbortedAsync();
        });
        using PastedProgram program = Start(Page.Read("README.md").ProgramAfter("**A status line**"), server);

        await AssertPrintsAsync(program, hang, "connecting", "connected", "1");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.Match("ended the .*Reconnecting in 0\\.1 s\\.$"));
        await AssertPrintsAsync(program, hang, "connecting", "connected", "2");
    }

    [TestCase("README.md")]
    [TestCase("Rx.Sse.Testing/README.md")]
    public async Task TestInVirtualTime_Passes(string page, CancellationToken hang)
    {
        using var program = new PastedProgram(Page.Read(page).Programs[^1]);
        program.Start();

        Assert.That(await program.EnterAsync(hang), Is.Zero);
    }
}
