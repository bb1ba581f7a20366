using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>Runs programs of the documentation against a real server, to which their addresses are changed.</summary>
internal abstract class ProgramFixture
{
    private const string Server = "https://example.com";

    /// <summary>The methods and paths of the requests so far.</summary>
    protected ConcurrentQueue<string> Requests { get; } = [];

    protected static PastedProgram Start(string source, SocketServer server)
    {
        Assert.That(source, Does.Contain(Server));
        var program = new PastedProgram(source.Replace(Server, server.Url.TrimEnd('/'), StringComparison.Ordinal));
        program.Start();
        return program;
    }

    protected static async Task AssertPrintsAsync(PastedProgram program, CancellationToken hang, params string[] lines)
    {
        foreach (string line in lines)
            Assert.That(await program.Output.ReadLineAsync(hang), Is.EqualTo(line));
    }

    /// <summary>Starts a server that passes the number of each request, from 1, to the answer.</summary>
    protected Task<SocketServer> AnswerAsync(Func<HttpContext, int, Task> answer) => SocketServer.StartAsync(context =>
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        return answer(context, Requests.Count);
    });

    /// <summary>Starts a server that sends these bytes and leaves the connection open.</summary>
    protected Task<SocketServer> ServeAsync(string response) => AnswerAsync(async (context, _) =>
    {
        await context.SendAsync(response);
        await context.UntilAbortedAsync();
    });
}
