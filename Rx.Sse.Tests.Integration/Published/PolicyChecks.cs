using System.ComponentModel.DataAnnotations;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Integration.Published;

/// <summary>What goes on in Polly, on the scripted server: Polly finds its options by reflection, which is what trimming breaks.</summary>
internal static class PolicyChecks
{
    /// <summary>The members that are validated, and what they are validated with, are inherited from Polly's own options.</summary>
    public static Task InvalidOptions()
    {
        using var client = new HttpClient();
        foreach (Action<SseReconnectStrategyOptions> spoil in (Action<SseReconnectStrategyOptions>[])
            [options => options.MaxRetryAttempts = 0, options => options.Delay = FromDays(-1), options => options.ShouldHandle = null!])
        {
            var options = new SseReconnectStrategyOptions();
            spoil(options);
            Expect.Throws<ValidationException>(() => Observable.FromSse(client, "http://localhost", new SseOptions { Reconnection = builder => builder.AddSseReconnect(options) }));
        }

        return Task.CompletedTask;
    }

    /// <summary>An hour in which the server is there, gone, silent and back, under a pipeline of several strategies.</summary>
    public static Task PipelineInVirtualTime()
    {
        var scheduler = new HistoricalScheduler();
        SseTestServer server = new SseTestServer(
            scheduler,
            OpenStream().Event(FromSeconds(1), "a", id: "1").Reset(FromSeconds(2)),
            NeverAnswer(),
            Refuse(),
            OpenStream().Event(FromSeconds(1), "b", id: "2")).Otherwise(Refuse());
        var options = new SseOptions
        {
            Reconnection = builder => builder
                .AddSseReconnect(new SseReconnectStrategyOptions { UseJitter = false })
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>())
                .AddTimeout(new TimeoutStrategyOptions { Timeout = FromSeconds(5) }),
        };
        var received = new List<string>();

        using IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", options, scheduler).Subscribe(e => received.Add(e.Data));
        scheduler.AdvanceBy(FromHours(1));

        Expect.Equal(received, "a", "b");
        Expect.Equal(server.Requests, ExpectedGet(Zero), ExpectedGet(FromSeconds(5), lastEventId: "1"), ExpectedGet(FromSeconds(16), lastEventId: "1"), ExpectedGet(FromSeconds(28), lastEventId: "1"));
        return Task.CompletedTask;
    }
}
