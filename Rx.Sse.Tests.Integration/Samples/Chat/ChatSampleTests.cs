using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Samples.Chat;

/// <summary>The sample 'chat' as a user runs it.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class ChatSampleTests
{
    public const string Stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

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

    [TestCase("fail", "", "The API key is not valid. The server answered with the status 401 (Unauthorized).")]
    [TestCase("error", "You are\n", "The server is overloaded.\n")]
    [TestCase("cut", "You are\n", "The answer is cut off here: the model has reached its limit of tokens")]
    [TestCase("drop", "You are\n", "The answer broke off. The connection to http://127.0.0.1:")]
    [TestCase("end", "You are\n", "The answer broke off. The server ended the event stream. (http://127.0.0.1:")]
    public async Task Chat_ServerFails_ShowsWhatCameAndSaysWhy(
        string fault, string output, string errors, CancellationToken hang)
    {
        foreach (string api in new[] { "openai", "anthropic" })
        {
            SampleResult result = await SampleProcess.RunAsync(
                ["chat", "--api", api, "--server", fault, "thanks"], hang);

            Assert.That(result.ExitCode, Is.EqualTo(1));
            Assert.That(result.Output, Is.EqualTo(output));
            Assert.That(result.Errors, Does.StartWith(errors));
            Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain('\n'), "no stack trace");
        }
    }

    [TestCase("openai")]
    [TestCase("anthropic")]
    public async Task Chat_ServerIsBusy_SaysThatItWaitsAndAnswers(string api, CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(["chat", "--api", api, "--server", "busy", "thanks"], hang);

        Assert.That(
            result,
            Is.EqualTo(new SampleResult(0, "You are welcome.\n", "waiting 2 s: Too many requests.\n")));
    }

    /// <summary>The server sends everything at once, so that timing does not affect the result.</summary>
    [Test]
    public async Task Chat_ServerStalls_ShowsWhatCameAndSaysWhy(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync(Chunk("You") + Chunk(" are"));
            await context.UntilAbortedAsync();
        });

        SampleResult result = await SampleProcess.RunAsync(
            ["chat", "--url", server.Url, "--model", "m", "--idle-timeout", "2", "thanks"], hang);

        string errors =
            $"The answer has stalled. The server sent nothing for 2 s. ({server.Url}/chat/completions)\n";
        Assert.That(result, Is.EqualTo(new SampleResult(1, "You are\n", errors)));
    }

    [TestCase("openai")]
    [TestCase("anthropic")]
    public async Task Chat_EmbeddedServerStalls_WaitsUntilItIsInterrupted(string api, CancellationToken hang)
    {
        using var sample = SampleProcess.Start("chat", "--api", api, "--server", "stall", "thanks");
        await sample.ReadUntilAsync("You are", hang);

        sample.Interrupt();

        Assert.That(await sample.EndAsync(hang), Is.EqualTo(new SampleResult(130, "\n", "")));
    }

    [Test]
    public async Task Chat_NoServer_SaysSo(CancellationToken hang)
    {
        SampleResult result = await SampleProcess.RunAsync(
            ["chat", "--url", "http://127.0.0.1:1/v1", "--model", "m", "hi"], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith("Could not connect to http://").And.Not.Contain("   at "));
    }

    /// <summary>
    /// Which answers count as complete, tested with the whole program. The unit tests cover more cases.
    /// </summary>
    [TestCase("stop, and nothing more", 0, "", Stop)]
    [TestCase("stop in an unfinished event", 0, "", "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}")]
    [TestCase("stop with a null choice before", 0, "", "data: {\"choices\":[null]}\n\n" + Stop)]
    [TestCase("done without a reason", 1, "[DONE]", "data: [DONE]\n\n")]
    [TestCase("other reason", 1, "content_filter", "data: {\"choices\":[{\"finish_reason\":\"content_filter\"}]}\n\n")]
    [TestCase("error field", 1, "Boom\n", "error: {\"code\":500,\"message\":\"Boom\"}\n\n")]
    [TestCase("error event", 1, "Boom\n", "event: error\ndata: Boom\n\n")]
    [TestCase("error as a string", 1, "Boom\n", "data: {\"error\":\"Boom\"}\n\n")]
    [TestCase("plain text", 1, "'Boom'", "Boom\n")]
    public async Task Chat_AnswerEnds_IsWholeOrAnError(
        string kind, int exitCode, string words, string end, CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(
            context => context.SendAsync(Chunk("Well") + end));

        SampleResult result = await SampleProcess.RunAsync(
            ["chat", "--url", server.Url, "--model", "m", "hi"], hang);

        Assert.That(result.ExitCode, Is.EqualTo(exitCode), kind);
        Assert.That(result.Output, Is.EqualTo("Well\n"));
        Assert.That(result.Errors, words.Length == 0 ? Is.Empty : Does.Contain(words));
    }

    [Test]
    public async Task Chat_ModelStops_EndsThoughTheServerDoesNot(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync(Chunk("Well") + Stop);
            await context.UntilAbortedAsync();
        });

        SampleResult result = await SampleProcess.RunAsync(
            ["chat", "--url", server.Url, "--model", "m", "--idle-timeout", "1000", "hi"], hang);

        Assert.That(result, Is.EqualTo(new SampleResult(0, "Well\n", "")));
        await server.Requests.ZeroAsync(hang);
    }

    [Test]
    public async Task Chat_BreaksOffAfterRefusal_IsNotAskedAgain(CancellationToken hang)
    {
        int asked = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "1";
                await context.Response.WriteAsync("{\"message\":\"Slow\\u001b down\"}", hang);
                return;
            }

            await context.SendAsync(Chunk("Well"));
            throw new IOException("This breaks the connection.");
        });

        SampleResult result = await SampleProcess.RunAsync(
            ["chat", "--url", server.Url, "--model", "m", "hi"], hang);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Is.EqualTo("Well\n"));
        Assert.That(result.Errors, Does.StartWith("waiting 1 s: Slow␛ down\nThe answer broke off."));
        Assert.That(asked, Is.EqualTo(2));
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
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync(Chunk("Well"));
            await context.UntilAbortedAsync();
        });
        using var sample = SampleProcess.Start("chat", "--url", server.Url, "--model", "m", "hi");
        await sample.ReadUntilAsync("Well", hang);

        sample.Interrupt();
        await server.Requests.ZeroAsync(hang);
        SampleResult result = await sample.EndAsync(hang);

        Assert.That(result, Is.EqualTo(new SampleResult(130, "\n", "")));
    }

    [Test]
    public async Task Chat_AnswerHasControlCharacters_ShowsNone(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(
            context => context.SendAsync(Chunk("a\x1b[2J\tb\r\nc") + Stop));

        SampleResult result = await SampleProcess.RunAsync(["chat", "--url", server.Url, "--model", "m", "hi"], hang);

        Assert.That(result.Output, Is.EqualTo("a␛[2J\tb␍\nc\n"));
    }

    public static string Chunk(string text) =>
        $"data: {{\"choices\":[{{\"delta\":{{\"content\":{JsonSerializer.Serialize(text)}}}}}]}}\n\n";
}
