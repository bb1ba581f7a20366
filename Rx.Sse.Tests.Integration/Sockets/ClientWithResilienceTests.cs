using System.Net;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;

namespace Rx.Sse.Tests.Integration.Sockets;

/// <summary>
/// How a resilience handler on the client affects streams, and what to do about it, as described in
/// docs/reconnection.md.
/// </summary>
[CancelAfter(60_000)]
internal sealed class ClientWithResilienceTests
{
    private static readonly SseReconnection Quick =
        SseReconnection.Default with { DelayGenerator = _ => new(TimeSpan.Zero) };

    private static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    [Test]
    public async Task StandardHandler_PostThatFails_IsSentAgainByTheHandler(CancellationToken hang)
    {
        (Exception? error, int requests) = await PostAsync(_ => { }, hang);

        Assert.That(error, Is.TypeOf<SseResponseException>());
        Assert.That(requests, Is.EqualTo(4));
    }

    [Test]
    public async Task StandardHandler_RetryDisabledForUnsafeMethods_SendsAPostOnce(CancellationToken hang)
    {
        (Exception? error, int requests) = await PostAsync(
            options => options.Retry.DisableForUnsafeHttpMethods(), hang);

        Assert.That(
            error,
            Is.TypeOf<SseResponseException>().With.Property("StatusCode").EqualTo(HttpStatusCode.ServiceUnavailable));
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

        Assert.That(
            error,
            Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<Polly.Timeout.TimeoutRejectedException>());
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

        // If the machine is too slow to receive the headers in time, the client connects again. A stream that is cut
        // would start again with "a".
        IList<SseEvent> received = await Observable.FromSse(services.GetRequiredService<HttpClient>(), server.Url)
            .Do(_ => Observable.Timer(TimeSpan.FromSeconds(3)).Subscribe(_ => goOn.TrySetResult()))
            .Take(2).ToList().ToTask(hang);

        Assert.That(received.Select(e => e.Data), Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public async Task StandardHandler_GetThatFails_MakesFourRequestsOfEachAttempt(CancellationToken hang)
    {
        int requests = 0;
        await using SocketServer server = await StartFailingAsync(() => Interlocked.Increment(ref requests));
        using ServiceProvider services = Services(_ => { });
        var options = new SseOptions { Reconnection = Quick with { MaxRetryAttempts = 1 } };

        int attempts = await Observable.FromSseSignals(services.GetRequiredService<HttpClient>(), server.Url, options)
            .OfType<SseConnecting>().Catch(Observable.Empty<SseConnecting>()).Count().ToTask(hang);

        Assert.That(attempts, Is.EqualTo(2));
        Assert.That(requests, Is.EqualTo(8));
    }

    /// <summary>All requests of a named client share one circuit breaker.</summary>
    [Test]
    public async Task StandardHandler_FailuresOfAStream_OpenTheCircuitForAllRequests(CancellationToken hang)
    {
        await using SocketServer server = await StartFailingAsync(() => { });
        using ServiceProvider services = Services(options =>
        {
            options.Retry.ShouldHandle = _ => new(false);
            options.CircuitBreaker.MinimumThroughput = 2;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromMinutes(1);
        });
        HttpClient client = services.GetRequiredService<HttpClient>();
        var options = new SseOptions { Reconnection = Quick with { MaxRetryAttempts = 3 } };

        IList<Exception> reasons = await Observable.FromSseSignals(client, server.Url, options)
            .Materialize()
            .Where(n => n.Exception is not null || (n.HasValue && n.Value is SseDisconnected))
            .Select(n => n.Exception ?? (Exception)((SseDisconnected)n.Value).Reason)
            .ToList().ToTask(hang);

        Assert.That(reasons, Has.Count.EqualTo(4));
        Assert.That(reasons.Take(2), Is.All.TypeOf<SseResponseException>());
        Assert.That(
            reasons.Skip(2),
            Is.All.TypeOf<SseConnectionException>().With.InnerException.TypeOf<BrokenCircuitException>());
        Assert.That(async () => await client.GetAsync(server.Url, hang), Throws.TypeOf<BrokenCircuitException>());
    }

    private static Task<SocketServer> StartFailingAsync(Action onRequest) => SocketServer.StartAsync(context =>
    {
        onRequest();
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    });

    private static async Task<(Exception? Error, int Requests)> PostAsync(
        Action<HttpStandardResilienceOptions> configure, CancellationToken hang)
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
            .FromSse(
                services.GetRequiredService<HttpClient>(), SseRequest.Post(server.Url, () => new StringContent("{}")))
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
