using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Samples.Chat;

/// <summary>The sample as a user runs it.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class ChatSampleTests
{
    [TestCase("openai")]
    [TestCase("anthropic")]
    public async Task Chat_Question_IsAnswered(string api, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["chat", "--api", api, "what is", "6 * 7?"], hang);

        Assert.That(result, Is.EqualTo(new SampleResult(0, "6 * 7 = 42\n", "")));
    }

    [Test]
    public async Task Chat_LinesOfInput_AreQuestionsOfOneConversation(CancellationToken hang)
    {
        using var sample = SampleProcess.Start("chat");
        await sample.Input.WriteAsync("My name is Ada.\n\nWhat is my name?\n");
        sample.Input.Close();
        SampleResult result = await sample.EndAsync(hang);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output.Split('\n'), Has.Length.EqualTo(3).And.Some.EqualTo("Your name is Ada."));
    }

    [TestCase("fail", "", "The API key is not valid. The server answered with the status 401 (Unauthorized). (http://127.0.0.1:")]
    [TestCase("busy", "", "There have been too many requests. Try again in 20 s.")]
    [TestCase("error", "You are\n", "The server is overloaded.\n")]
    [TestCase("drop", "You are\n", "The answer broke off. The connection to http://127.0.0.1:")]
    [TestCase("end", "You are\n", "The answer broke off. The server ended the event stream. (http://127.0.0.1:")]
    public async Task Chat_ServerFails_ShowsWhatCameAndSaysWhy(string fault, string output, string errors, CancellationToken hang)
    {
        foreach (string api in new[] { "openai", "anthropic" })
        {
            SampleResult result = await SampleProcess.RunAsync(["chat", "--api", api, "--server", fault, "thanks"], hang);

            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Output, Is.EqualTo(output));
            Assert.That(result.Errors, Does.StartWith(errors));
            Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain('\n'), "no stack trace");
        }
    }

    /// <summary>All of it comes at once, so that the time that it takes does not count.</summary>
    [Test]
    public async Task Chat_ServerStalls_ShowsWhatCameAndSaysWhy(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync(Chunk("You") + Chunk(" are"));
            await context.UntilAbortedAsync();
        });

        SampleResult result = await SampleProcess.RunAsync(["chat", "--url", server.Url, "--model", "m", "--idle-timeout", "2", "thanks"], hang);

        Assert.That(result, Is.EqualTo(new SampleResult(1, "You are\n", $"The answer has stalled. The server sent nothing for 00:00:02. ({server.Url}/chat/completions)\n")));
    }

    [TestCase("openai")]
    [TestCase("anthropic")]
    public async Task Chat_EmbeddedServerStalls_WaitsUntilItIsInterrupted(string api, CancellationToken hang)
    {
        using var sample = SampleProcess.Start("chat", "--api", api, "--server", "stall", "thanks");
        await ReadUntilAsync(sample, "You are", hang);

        sample.Interrupt();

        Assert.That(await sample.EndAsync(hang), Is.EqualTo(new SampleResult(130, "\n", "")));
    }

    [Test]
    public async Task Chat_NobodyListens_SaysSo(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["chat", "--url", "http://127.0.0.1:1/v1", "--model", "m", "hi"], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith("Could not connect to http://").And.Not.Contain("   at "));
    }

    [TestCase("--api foo hi", "'foo'")]
    [TestCase("--url foo --model m hi", "http://")]
    [TestCase("--url http://a.test hi", "--model")]
    [TestCase("--model m hi", "--url")]
    [TestCase("--url http://a.test --model m --server fail hi", "--server")]
    [TestCase("--server explode hi", "'fail'")]
    [TestCase("--idle-timeout 0 hi", "--idle-timeout")]
    [TestCase("--idle-timeout soon hi", "'soon'")]
    public async Task Chat_BadArguments_SaysWhatToDo(string arguments, string named, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["chat", .. arguments.Split(' ')], hang);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Errors, Does.Contain(named));
    }

    [Test]
    public async Task Chat_Interrupted_ClosesTheConnectionAtOnce(CancellationToken hang)
    {
        var gone = new TaskCompletionSource();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync(Chunk("Well"));
            await context.UntilAbortedAsync();
            gone.SetResult();
        });
        using var sample = SampleProcess.Start("chat", "--url", server.Url, "--model", "m", "hi");
        await ReadUntilAsync(sample, "Well", hang);

        sample.Interrupt();
        await gone.Task.WaitAsync(hang);
        SampleResult result = await sample.EndAsync(hang);

        Assert.That(result, Is.EqualTo(new SampleResult(130, "\n", "")));
    }

    [Test]
    public async Task Chat_AnswerHasControlCharacters_ShowsNone(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context => context.SendAsync(Chunk("a\x1b[2J\tb\r\nc") + "data: [DONE]\n\n"));

        SampleResult result = await SampleProcess.RunAsync(["chat", "--url", server.Url, "--model", "m", "hi"], hang);

        Assert.That(result.Output, Is.EqualTo("a␛[2J\tb␍\nc\n"));
    }

    [Test]
    [Platform("Linux", Reason = "Elsewhere, 'script' takes other arguments.")]
    public async Task Chat_AtATerminal_StopsTheAnswerAndThenLeaves(CancellationToken hang)
    {
        var gone = new TaskCompletionSource();
        int asked = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                await context.SendAsync(Chunk("Second") + "data: [DONE]\n\n");
                return;
            }

            await context.SendAsync(Chunk("First"));
            await context.UntilAbortedAsync();
            gone.SetResult();
        });
        using SampleProcess terminal = SampleProcess.StartAtTerminal("chat", "--url", server.Url, "--model", "m");
        await ReadUntilAsync(terminal, "\n> ", hang);
        await TypeAsync("one\r");
        await ReadUntilAsync(terminal, "First", hang);
        await TypeAsync("\x03");
        await gone.Task.WaitAsync(hang);
        await ReadUntilAsync(terminal, "(stopped)", hang);
        await ReadUntilAsync(terminal, "\n> ", hang);
        await TypeAsync("two\r");
        await ReadUntilAsync(terminal, "Second", hang);
        await ReadUntilAsync(terminal, "\n> ", hang);
        await TypeAsync("\x03");

        Assert.That((await terminal.EndAsync(hang)).ExitCode, Is.EqualTo(130));

        async Task TypeAsync(string keys)
        {
            await terminal.Input.WriteAsync(keys);
            await terminal.Input.FlushAsync(hang);
        }
    }

    private static string Chunk(string text) => $"data: {{\"choices\":[{{\"delta\":{{\"content\":{JsonSerializer.Serialize(text)}}}}}]}}\n\n";

    /// <summary>Reads on until the text has come.</summary>
    private static async Task ReadUntilAsync(SampleProcess sample, string text, CancellationToken hang)
    {
        string read = "";
        var next = new char[1];
        while (!read.EndsWith(text, StringComparison.Ordinal))
        {
            if (await sample.Output.ReadAsync(next, hang) == 0)
                Assert.Fail($"The sample has ended without '{text}'. It said: {read}");
            read += next[0];
        }
    }
}
