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

/// <summary>
/// Checks that Polly works, on the scripted server. Polly finds its options by reflection, which trimming can break.
/// </summary>
internal static class PolicyChecks
{
    /// <summary>Polly validates the options of strategies by reflection.</summary>
    public static Task InvalidOptions()
    {
        using var client = new HttpClient();
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                ConfigureAttempt = builder => builder.AddTimeout(FromDays(-1)),
            },
        };
        Expect.Throws<ValidationException>(() => Observable.FromSse(client, "http://localhost", options));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Runs for a virtual hour in which the server is available, unavailable, silent and available again, with a
    /// pipeline of several strategies.
    /// </summary>
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
            Reconnection = SseReconnection.Default with
            {
                UseJitter = false,
                ConfigureAttempt = builder => builder
                    .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>())
                    .AddTimeout(new TimeoutStrategyOptions { Timeout = FromSeconds(5) }),
            },
        };
        var received = new List<string>();

        using IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", options, scheduler)
            .Subscribe(e => received.Add(e.Data));
        scheduler.AdvanceBy(FromHours(1));

        Expect.Equal(received, "a", "b");
        Expect.Equal(
            server.Requests,
            ExpectedGet(Zero),
            ExpectedGet(FromSeconds(5), lastEventId: "1"),
            ExpectedGet(FromSeconds(16), lastEventId: "1"),
            ExpectedGet(FromSeconds(28), lastEventId: "1"));
        return Task.CompletedTask;
    }
}
