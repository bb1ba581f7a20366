using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Rx.Sse.Tests.Integration.Faults;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>How a client that logs bodies affects streams, as described in docs/clients.md.</summary>
[CancelAfter(60_000)]
internal sealed class ClientWithLoggingTests
{
    [Test]
    public async Task ExtendedLogging_WithoutBodies_LeavesStreamsAlone(CancellationToken hang)
    {
        await using SocketServer server = await StartAsync();
        await using ServiceProvider services = Services(logBody: false);

        SseEvent first = await Observable.FromSse(services.GetRequiredService<HttpClient>(), server.Url)
            .FirstAsync().ToTask(hang);

        Assert.That(first.Data, Is.EqualTo("a"));
    }

    /// <summary>The client reads not only the bodies of the configured type, but all of <c>text/</c>.</summary>
    [Test]
    public async Task ExtendedLogging_WithBodies_BreaksStreamsBeforeTheFirstEvent(CancellationToken hang)
    {
        await using SocketServer server = await StartAsync();
        await using ServiceProvider services = Services(logBody: true);

        IList<SseSignal> signals = await Observable
            .FromSseSignals(services.GetRequiredService<HttpClient>(), server.Url, FaultStory.Quick)
            .TakeUntil(signal => signal is SseEvent or SseDisconnected { Attempt: 2 }).ToList().ToTask(hang);

        Type[] attempt = [typeof(SseConnecting), typeof(SseOpened), typeof(SseDisconnected)];
        Assert.That(signals.Select(signal => signal.GetType()), Is.EqualTo(attempt.Concat(attempt)));
    }

    private static Task<SocketServer> StartAsync() => SocketServer.StartAsync(async context =>
    {
        await context.SendAsync("data: a\n\n");
        await context.UntilAbortedAsync();
    });

    private static ServiceProvider Services(bool logBody)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IRedactorProvider>(NullRedactorProvider.Instance);
        services.AddHttpClient("").AddExtendedHttpClientLogging(options =>
        {
            options.LogBody = logBody;
            options.ResponseBodyContentTypes.Add("application/json");
            options.BodyReadTimeout = TimeSpan.FromMilliseconds(200);
        });
        return services.BuildServiceProvider();
    }
}
