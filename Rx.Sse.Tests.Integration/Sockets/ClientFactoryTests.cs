using System.Collections.Concurrent;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>Streams with clients from an <see cref="IHttpClientFactory"/>, as described in docs/clients.md.</summary>
[CancelAfter(60_000)]
internal sealed class ClientFactoryTests
{
    private static readonly TimeSpan ShortestLifetime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    [Test]
    public async Task HandlerLifetime_OpenStream_OutlivesItAndReconnects(CancellationToken hang)
    {
        var goOn = new TaskCompletionSource();
        ConcurrentQueue<string> numbers = new();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            numbers.Enqueue(context.Request.Headers[NumberingHandler.Name].ToString());
            bool isFirst = context.LastEventId().Length == 0;
            await context.SendAsync($"retry: 100\nid: 1\ndata: {(isFirst ? "a" : "c")}\n\n");
            if (isFirst)
            {
                await goOn.Task;
                await context.SendAsync("data: b\n\n");
            }
        });
        int handlers = 0;
        var services = new ServiceCollection();
        services.AddHttpClient("")
            .AddHttpMessageHandler(() => new NumberingHandler(Interlocked.Increment(ref handlers)))
            .SetHandlerLifetime(ShortestLifetime);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();

        Task<IList<string>> received = Observable.FromSse(factory.CreateClient(), server.Url)
            .Select(e => e.Data).Take(3).ToList().ToTask(hang);
        while (handlers < 2)
        {
            await Task.Delay(BetweenLooks, hang);
            factory.CreateClient().Dispose();
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        goOn.SetResult();

        Assert.That(await received, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(numbers, Is.EqualTo(new[] { "1", "1" }), "the stream keeps the handler it began with");
    }

    private sealed class NumberingHandler(int number) : DelegatingHandler
    {
        public const string Name = "Handler-Number";

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add(Name, $"{number}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
