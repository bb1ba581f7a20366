using System.IO.Compression;
using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>The examples of docs/clients.md that need sockets or dependency injection.</summary>
[CancelAfter(60_000)]
internal sealed class ClientsPageTests
{
    [Test]
    public async Task ClientForStreams_CompressedEventsWithAnyId_AreReceivedAndResumed(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            string lastEventId = context.LastEventId();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.ContentEncoding = "br";
            await using var compressed = new BrotliStream(context.Response.Body, CompressionLevel.Fastest);
            string text = $"retry: 100\nid: é\ndata: after {lastEventId}\n\n";
            await compressed.WriteAsync(Encoding.UTF8.GetBytes(text), hang);
            await compressed.FlushAsync(hang);
            if (lastEventId.Length > 0)
                await context.UntilAbortedAsync();
        });

        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };

        IList<string> received =
            await Observable.FromSse(client, server.Url).Select(e => e.Data).Take(2).ToList().ToTask(hang);
        Assert.That(received, Is.EqualTo(new[] { "after ", "after é" }));
        client.Dispose();
    }

    /// <summary>The netstandard2.0 build ignores the HTTP version of the client.</summary>
    [Test]
    [Category("NotNetStandard")]
    public async Task Http2_MoreStreamsThanAConnectionHas_AreAllOpen(CancellationToken hang)
    {
        const int Streams = 120;
        await using SocketServer server = await StartEndlessAsync();

        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        };
        var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20 };

        // Without TLS, the server can't be asked for its version.
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        IList<SseEvent> received = await Observable
            .Range(0, Streams)
            .SelectMany(_ => Observable.FromSse(client, server.Http2Url))
            .Take(Streams).ToList().ToTask(hang);

        Assert.That(received, Has.Count.EqualTo(Streams));
        Assert.That(server.Connections.Total, Is.EqualTo(2));
        client.Dispose();
    }

    [Test]
    public async Task TypedClient_FromTheContainer_HasItsStream(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync($"event: price\ndata: 99.5 of {context.Request.Path}\n\n");
            await context.UntilAbortedAsync();
        });
        var baseAddress = new Uri(server.Url);
        var services = new ServiceCollection();

        services.AddHttpClient<PriceFeed>(client => client.BaseAddress = baseAddress)
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);   // the line before does its job

        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(
            await provider.GetRequiredService<PriceFeed>().Prices.FirstAsync().ToTask(hang),
            Is.EqualTo("99.5 of /prices"));
    }

    private static Task<SocketServer> StartEndlessAsync() => SocketServer.StartAsync(async context =>
    {
        await context.SendAsync("data: a\n\n");
        await context.UntilAbortedAsync();
    });

    public sealed class PriceFeed(HttpClient client)
    {
        public IObservable<string> Prices { get; } = Observable
            .FromSse(client, "prices")
            .Where(e => e.EventType == "price")
            .Select(e => e.Data);
    }
}
