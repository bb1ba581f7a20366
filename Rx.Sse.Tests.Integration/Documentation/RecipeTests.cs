using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Documentation;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>
/// Each program of the documentation compiles as it stands in an empty file. The recipes do what the page says; long
/// times are shortened.
/// </summary>
[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class RecipeTests : ProgramFixture
{
    private static IEnumerable<TestCaseData> Programs =>
        from page in Page.Names
        from program in Page.Read(page).Programs
        select new TestCaseData(program).SetArgDisplayNames(page, program.Split('\n')[^2]);

    [TestCaseSource(nameof(Programs))]
    public void Program_PastedIntoAnEmptyFile_Compiles(string program) => PastedProgram.Compile(program);

    [Test]
    public async Task Post_RefusedWith429_IsSentAgain(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync((context, number) =>
        {
            if (number > 1)
                return context.SendAsync("data: Hello\n\ndata: [DONE]\n\n");
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "5";
            return Task.CompletedTask;
        });
        using PastedProgram program = Start(RecipeUnder("## Send a POST again that was refused"), server);

        Assert.That(await program.Output.ReadLineAsync(hang), Does.Match("^waiting [5-8] s$"), "with jitter");
        await AssertPrintsAsync(program, hang, "Hello", "The answer is complete.");
        Assert.That(Requests, Is.EqualTo(new[] { "POST /chat", "POST /chat" }));
    }

    [Test]
    public async Task ShouldHandle_NotFound_IsAskedAgain(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            context.Response.StatusCode = number switch { 1 => 404, 3 => 403, _ => 200 };
            if (number == 2)
                await context.SendAsync("retry: 100\ndata: a\n\n");
        });
        using PastedProgram program = Start(RecipeUnder("## Decide what is retried"), server);

        await AssertPrintsAsync(program, hang, "a");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.Contain("403"), "the default decides on others");
    }

    [Test]
    public async Task ConnectTimeout_MuteServer_IsAskedAgain(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            if (number == 1)
                await context.UntilAbortedAsync();
            else
                await context.SendAsync("data: a\n\n");
        });
        string source = RecipeUnder("## Limit the time to connect")
            .Replace("FromSeconds(10)", "FromSeconds(0.5)", StringComparison.Ordinal);
        using PastedProgram program = Start(source, server);

        await AssertPrintsAsync(program, hang, "a");
    }

    [Test]
    public async Task OutageTimeout_ServerStaysAway_GivesUp(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync((context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 200 : 503;
            return number == 1 ? context.SendAsync("retry: 100\ndata: a\n\n") : Task.CompletedTask;
        });
        string source = RecipeUnder("## Give up after ten minutes")
            .Replace("FromMinutes(10)", "FromSeconds(2)", StringComparison.Ordinal);
        using PastedProgram program = Start(source, server);

        await AssertPrintsAsync(program, hang, "a");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.StartWith("Gave up: "));
        Assert.That(Requests, Has.Count.GreaterThan(2), "until then it tried");
    }

    [Test]
    public async Task StateAndJson_ComeFromOneConnection(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            await context.SendAsync($"retry: 100\ndata: {{\"Symbol\":\"ACME\",\"Amount\":{number}}}\n\n");
            if (number == 2)
                await context.UntilAbortedAsync();
        });
        using PastedProgram program = Start(RecipeUnder("## State and typed JSON from one connection"), server);

        await AssertPrintsAsync(program, hang, "connected", "ACME costs 1");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.StartWith("reconnecting in 0."));
        await AssertPrintsAsync(program, hang, "connected", "ACME costs 2");
        Assert.That(Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task LateObserver_AfterTheLastHasLeft_MissesNothing(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            await context.SendAsync($"id: {number}\ndata: {number} after '{context.LastEventId()}'\n\n");
            await context.UntilAbortedAsync();
        });
        using PastedProgram program = Start(RecipeUnder("## One connection for many observers"), server);

        await AssertPrintsAsync(program, hang, "first: 1 after ''");
        await program.Input.WriteLineAsync();
        await AssertPrintsAsync(program, hang, "1 after ''", "2 after '1'");
        Assert.That(await program.EnterAsync(hang), Is.Zero);
    }

    [Test]
    public async Task Switch_AStreamThatFails_DoesNotEndTheRest(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, _) =>
        {
            if (context.Request.Path.Value!.EndsWith("nope", StringComparison.Ordinal))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await context.SendAsync("data: 1\n\n");
            await context.UntilAbortedAsync();
        });
        using PastedProgram program = Start(RecipeUnder("## Switch to another stream"), server);

        await program.Input.WriteLineAsync("a");
        await AssertPrintsAsync(program, hang, "a: 1");
        await program.Input.WriteLineAsync("nope");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.StartWith("nope: ").And.Contain("404"));
        await program.Input.WriteLineAsync("b");
        await AssertPrintsAsync(program, hang, "b: 1");
        Assert.That(await program.EnterAsync(hang), Is.Zero);
    }

    [Test]
    public async Task BackgroundService_LogsAndResumes(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, number) =>
        {
            if (number == 2)
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            else
                await context.SendAsync($"retry: 100\nid: {number}\ndata: after '{context.LastEventId()}'\n\n");
        });
        string source = RecipeUnder("## A background service")
            .Replace("FromMinutes(1)", "FromSeconds(1)", StringComparison.Ordinal)
            .Replace("CreateBuilder(args)", "CreateBuilder([\"--urls=http://127.0.0.1:0\"])", StringComparison.Ordinal);
        using PastedProgram program = Start(source, server);

        foreach (string expected in new[] { "Price: after ''", "The stream has ended.", "Price: after '1'" })
        {
            string? line = await program.Output.ReadLineAsync(hang);
            while (line is not null && !line.Contains(expected))
                line = await program.Output.ReadLineAsync(hang);
            Assert.That(line, Is.Not.Null, "it goes on");
        }
    }

    [Test]
    public async Task Json_OneEventIsNotValid_IsSkipped(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync(
            "data: {\"Amount\":1}\n\ndata: {bad\n\ndata: {\"Amount\":3}\n\n");
        using PastedProgram program = Start(RecipeUnder("## Skip an event that is not valid JSON"), server);

        await AssertPrintsAsync(program, hang, "1");
        Assert.That(await program.Output.ReadLineAsync(hang), Does.StartWith("Skipped: "));
        await AssertPrintsAsync(program, hang, "3");
    }

    [Test]
    public async Task Headers_AreSent(CancellationToken hang)
    {
        await using SocketServer server = await AnswerAsync(async (context, _) =>
        {
            await context.SendAsync($"data: {context.Request.Headers["X-Tenant"]}\n\n");
            await context.UntilAbortedAsync();
        });
        using PastedProgram program = Start(RecipeUnder("## Add headers"), server);

        await AssertPrintsAsync(program, hang, "blue");
    }

    [Test]
    public async Task AwaitForeach_HandlesAllInOrder(CancellationToken hang)
    {
        await using SocketServer server = await ServeAsync(
            string.Concat(Enumerable.Range(1, 20).Select(price => $"data: {price}\n\n")));
        string source = Page.Read("docs/migrating.md").ProgramAfter("## `await foreach`")
            .Replace("capacity: 100", "capacity: 3", StringComparison.Ordinal)
            .Replace("Delay(100)", "Delay(10)", StringComparison.Ordinal);
        using PastedProgram program = Start(source, server);

        await AssertPrintsAsync(program, hang, [.. Enumerable.Range(1, 20).Select(price => $"{price}")]);
    }

    private static string RecipeUnder(string heading) => Page.Read("docs/recipes.md").ProgramAfter(heading);
}
