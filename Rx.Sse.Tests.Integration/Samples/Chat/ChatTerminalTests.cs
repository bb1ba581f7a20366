using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Samples.Chat;

/// <summary>The sample 'chat' on a terminal.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
[Platform("Linux", Reason = "Elsewhere, 'script' takes other arguments.")]
internal sealed class ChatTerminalTests
{
    [Test]
    public async Task Chat_BusyAtATerminal_ErasesTheStatusLine(CancellationToken hang)
    {
        using SampleProcess terminal = SampleProcess.StartAtTerminal("chat", "--server", "busy", "thanks");
        await terminal.ReadUntilAsync("waiting 2 s", hang);
        await terminal.ReadUntilAsync("Too many requests.", hang);
        await terminal.ReadUntilAsync("\r\x1b[2K", hang);
        await terminal.ReadUntilAsync("You are welcome.", hang);

        Assert.That((await terminal.EndAsync(hang)).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Chat_InterruptedWhileItWaits_ErasesTheStatusLine(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "1000";
            return Task.CompletedTask;
        });
        using SampleProcess terminal = SampleProcess.StartAtTerminal(
            "chat", "--url", server.Url, "--model", "m", "hi");
        await terminal.ReadUntilAsync("waiting 1000 s", hang);
        await terminal.Input.WriteAsync("\x03");
        await terminal.Input.FlushAsync(hang);
        SampleResult result = await terminal.EndAsync(hang);

        Assert.That(result.ExitCode, Is.EqualTo(130));
        Assert.That(result.Output, Does.EndWith("\r\x1b[2K"));
    }

    [Test]
    public async Task Chat_AtATerminal_StopsTheAnswerAndThenLeaves(CancellationToken hang)
    {
        int asked = 0;
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) > 1)
            {
                await context.SendAsync(ChatSampleTests.Chunk("Second") + ChatSampleTests.Stop);
                return;
            }

            await context.SendAsync(ChatSampleTests.Chunk("First"));
            await context.UntilAbortedAsync();
        });
        using SampleProcess terminal = SampleProcess.StartAtTerminal("chat", "--url", server.Url, "--model", "m");
        await terminal.ReadUntilAsync("\n> ", hang);
        await TypeAsync("one\r");
        await terminal.ReadUntilAsync("First", hang);
        await TypeAsync("\x03");
        await server.Requests.ZeroAsync(hang);
        await terminal.ReadUntilAsync("(stopped)", hang);
        await terminal.ReadUntilAsync("\n> ", hang);
        await TypeAsync("two\r");
        await terminal.ReadUntilAsync("Second", hang);
        await terminal.ReadUntilAsync("\n> ", hang);
        await TypeAsync("\x03");

        Assert.That((await terminal.EndAsync(hang)).ExitCode, Is.EqualTo(130));

        async Task TypeAsync(string keys)
        {
            await terminal.Input.WriteAsync(keys);
            await terminal.Input.FlushAsync(hang);
        }
    }
}
