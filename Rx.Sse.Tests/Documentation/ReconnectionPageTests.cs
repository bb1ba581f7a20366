using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Documentation;

/// <summary>The examples of docs/reconnection.md, in virtual time.</summary>
internal sealed class ReconnectionPageTests
{
    [Test]
    public void StrategiesOfOnesOwn_AnOutageThatGoesOn_IsGivenUp()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = new SseTestServer(scheduler, OpenStream().Reset(FromSeconds(1))).Otherwise(Refuse());

        var options = new SseOptions
        {
            Reconnection = builder => builder
                .AddTimeout(TimeSpan.FromMinutes(10))                                          // give up an outage after 10 minutes
                .AddSseReconnect(new SseReconnectStrategyOptions { MaxRetryAttempts = 100 })
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>())   // an open circuit is a failure like others
                .AddTimeout(TimeSpan.FromSeconds(5)),                                          // the headers must come within 5 s
        };

        Exception? failure = null;
        Observable.FromSse(server.CreateClient(), "/", options, scheduler).Subscribe(_ => { }, error => failure = error);
        scheduler.AdvanceTo(FromHours(1).Ticks);

        Assert.That(failure, Is.InstanceOf<SseException>());
        Assert.That(server.Requests[^1].Time, Is.LessThan(FromMinutes(10) + FromSeconds(1)));
        Assert.That(server.Requests, Has.Count.GreaterThan(10));
    }

    [Test]
    public void ResilienceContext_HasWhatTheServerSaid()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(scheduler, OpenStream().Send(Zero, "retry: 7000\nid: 5\ndata: a\n\n").Reset(FromSeconds(1)), OpenStream());
        var options = new SseOptions
        {
            Reconnection = builder => builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage> { DelayGenerator = DelayAsync }),
        };

        (TimeSpan? ReconnectionTime, string LastEventId, int PreviousFailures) said = default;
        Observable.FromSse(server.CreateClient(), "/", options, scheduler).Subscribe();
        scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(said, Is.EqualTo((FromSeconds(7), "5", 0)));
        server.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(3), lastEventId: "5"));

        ValueTask<TimeSpan?> DelayAsync(RetryDelayGeneratorArguments<HttpResponseMessage> args)
        {
            TimeSpan? reconnectionTime =
                args.Context.Properties.GetValue(SseResilienceKeys.ReconnectionTime, null);   // TimeSpan?, the last retry
            string lastEventId =
                args.Context.Properties.GetValue(SseResilienceKeys.LastEventId, "");          // where the next connection resumes
            int previousFailures =
                args.Context.Properties.GetValue(SseResilienceKeys.PreviousFailures, 0);      // in the run, before this outage
            said = (reconnectionTime, lastEventId, previousFailures);
            return new(FromSeconds(2));
        }
    }
}
