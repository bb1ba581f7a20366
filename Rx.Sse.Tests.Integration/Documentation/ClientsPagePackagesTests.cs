using System.Net;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;
using Rx.Sse.Tests.Integration.Sockets;

namespace Rx.Sse.Tests.Integration.Documentation;

/// <summary>The examples of docs/clients.md that need additional packages for HttpClient.</summary>
[CancelAfter(60_000)]
internal sealed class ClientsPagePackagesTests
{
    [Test]
    public async Task RemoveAllResilienceHandlers_PostThatFails_IsSentOnce(CancellationToken hang)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        var services = new ServiceCollection();

        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());   // as .NET Aspire has it
        services.AddHttpClient("streams").RemoveAllResilienceHandlers();

        await using ServiceProvider provider = services.BuildServiceProvider();
        HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("streams");
        Notification<SseEvent> end = await Observable
            .FromSse(client, SseRequest.Post(server.Url, () => new StringContent("{}")))
            .Materialize().ToTask(hang);

        Assert.That(
            end.Exception,
            Is.TypeOf<SseResponseException>().With.Property("StatusCode").EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(requests, Is.EqualTo(1));
        Assert.That(client.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan), "what the handler has set stays");
    }

    [Test]
    public async Task RemoveAllLoggers_WhereBodiesAreLogged_LetsEventsThrough(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await context.UntilAbortedAsync();
        });
        var services = new ServiceCollection();
        services.AddSingleton<IRedactorProvider>(NullRedactorProvider.Instance);

        services.AddExtendedHttpClientLogging(logging =>
        {
            logging.LogBody = true;
            logging.ResponseBodyContentTypes.Add("application/json");
        });
        services.AddHttpClient("streams").RemoveAllLoggers();

        await using ServiceProvider provider = services.BuildServiceProvider();
        HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("streams");
        var options = new SseOptions { Reconnection = SseReconnection.Never };
        SseEvent first = await Observable.FromSse(client, server.Url, options).FirstAsync().ToTask(hang);
        Assert.That(first.Data, Is.EqualTo("a"));
    }
}
