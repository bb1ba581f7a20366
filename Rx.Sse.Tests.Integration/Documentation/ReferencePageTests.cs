using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>The example of docs/reference.md.</summary>
[CancelAfter(60_000)]
internal sealed class ReferencePageTests
{
    [Test]
    public async Task HeaderEncoding_IdBeyondAscii_IsSent(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
            await context.SendAsync($"retry: 100\nid: é\ndata: after {context.Request.Headers["Last-Event-ID"]}\n\n"));

        var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });

        using (client)
        {
            IList<SseEvent> events = await Observable.FromSse(client, server.Url).Take(2).ToList().ToTask(hang);
            Assert.That(events[1].Data, Does.StartWith("after Ã").Or.EqualTo("after é"));
        }
    }
}
