using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>What a resilience handler on the client itself does to streams, and what to do about it. As docs/reconnection.md has it.</summary>
[CancelAfter(60_000)]
internal sealed class ClientWithResilienceTests
{
    private static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    [Test]
    public async Task StandardHandler_PostThatFails_IsSentAgainBehindOurBack(CancellationToken hang)
    {
        (Exception? error, int requests) = await PostAsync(_ => { }, hang);

        Assert.That(error, Is.TypeOf<SseResponseException>());
        Assert.That(requests, Is.EqualTo(4));
    }

    [Test]
    public async Task StandardHandler_ToldToLeaveUnsafeMethodsAlone_SendsAPostOnce(CancellationToken hang)
    {
        (Exception? error, int requests) = await PostAsync(options => options.Retry.DisableForUnsafeHttpMethods(), hang);

        Assert.That(error, Is.TypeOf<SseResponseException>().With.Property("StatusCode").EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(requests, Is.EqualTo(1));
    }

    [Test]
    public async Task StandardHandler_HeadersThatTakeLong_AreTimedOutByItNotByUs(CancellationToken hang)
    {
        await using SocketServer server = await SocketServer.StartAsync(context => context.UntilAbortedAsync());
        using ServiceProvider services = Services(options =>
        {
            options.Retry.ShouldHandle = _ => new(false);
            options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(200);
        });

        Exception? error = await Observable.FromSse(services.GetRequiredService<HttpClient>(), server.Url, Never)
            .Materialize().Select(n => n.Exception).ToTask(hang);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<Polly.Timeout.TimeoutRejectedException>());
    }

    [Test]
    public async Task StandardHandler_OpenStream_OutlivesItsTimeouts(CancellationToken hang)
    {
        var goOn = new TaskCompletionSource();
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            await context.SendAsync("data: a\n\n");
            await goOn.Task;
            await context.SendAsync("data: b\n\n");
        });
        using ServiceProvider services = Services(options =>
        {
            options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(1);
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(2);
        });

        // Should the machine be too slow for the headers, it connects again; a stream that is cut would begin anew with "a".
        IList<SseEvent> received = await Observable.FromSse(services.GetRequiredService<HttpClient>(), server.Url)
            .Do(_ => Observable.Timer(TimeSpan.FromSeconds(3)).Subscribe(_ => goOn.TrySetResult()))
            .Take(2).ToList().ToTask(hang);

        Assert.That(received.Select(e => e.Data), Is.EqualTo(new[] { "a", "b" }));
    }

    private static async Task<(Exception? Error, int Requests)> PostAsync(Action<HttpStandardResilienceOptions> configure, CancellationToken hang)
    {
        int requests = 0;
        await using SocketServer server = await SocketServer.StartAsync(context =>
        {
            Interlocked.Increment(ref requests);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        using ServiceProvider services = Services(configure);

        Exception? error = await Observable
            .FromSse(services.GetRequiredService<HttpClient>(), SseRequest.Post(server.Url, () => new StringContent("{}")))
            .Materialize().Select(n => n.Exception).ToTask(hang);
        return (error, requests);
    }

    private static ServiceProvider Services(Action<HttpStandardResilienceOptions> configure)
    {
        var services = new ServiceCollection();
        services.AddHttpClient("")
            .AddStandardResilienceHandler(options =>
            {
                options.Retry.Delay = TimeSpan.FromMilliseconds(1);
                configure(options);
            });
        return services.BuildServiceProvider();
    }
}
