using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Timeout;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>The connection loss that starts an outage is not an attempt. Every connect is.</summary>
internal sealed class LossTests
{
    [Test]
    public void ConfigureAttempt_FirstConnectAndReconnects_AreSeenAndLossesAreNot([Values] bool ends)
    {
        var seen = new List<string>();
        SseResponseScript lost = OpenStream().Event(Zero, "a");
        Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = attempt => attempt.AddStrategy(
                        _ => new Recorder(seen), new TimeoutStrategyOptions()),
                },
            },
            ends ? lost.Close(Zero) : lost.Reset(Zero),
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream()).Until(60);

        Assert.That(seen, Is.EqualTo(new[] { "OK", "SseResponseException", "OK" }));
    }

    /// <summary>100 streams share a circuit breaker. The server refuses every connection.</summary>
    [Test]
    public void SharedCircuitBreaker_DeadServer_OpensAfterRealConnectsOnly()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = new SseTestServer(scheduler).Otherwise(Refuse());
        ResiliencePipeline<HttpResponseMessage> breaker =
            new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = scheduler.ToTimeProvider() }
            .AddCircuitBreaker(new() { MinimumThroughput = 10, BreakDuration = FromSeconds(30) })
            .Build();
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with { ConfigureAttempt = attempt => attempt.AddPipeline(breaker) },
        };
        using HttpClient client = server.CreateClient();

        foreach (int number in Enumerable.Range(0, 100))
            Observable.FromSse(client, $"/{number}", options, scheduler).Subscribe(_ => { }, _ => { });
        scheduler.AdvanceTo(FromSeconds(29).Ticks);

        Assert.That(server.Requests, Has.Count.EqualTo(10));
    }

    [Test]
    public void Fallback_AroundAttempts_AsksTheServerEachTime()
    {
        int fallbacks = 0;
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = attempt => attempt.AddFallback(new()
                    {
                        ShouldHandle = args => new(args.Outcome.Exception is not null),
                        FallbackAction = _ =>
                        {
                            fallbacks++;
                            return new(Outcome.FromResult(new HttpResponseMessage
                            {
                                Content = new StringContent("", null, "text/event-stream"),
                            }));
                        },
                    }),
                },
            },
            OpenStream().Event(Zero, "a").Close(Zero),
            Refuse()).Until(60);

        // 3 s, 6 s, 12 s, 24 s: a fallback that ends at once is not a recovery.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21, 45 }));
        Assert.That(fallbacks, Is.EqualTo(4));
    }

    [TestCase(503, 2)]
    [TestCase(404, 1)]
    public void ResponseOfAStrategy_StatusOfAServer_IsJudgedLikeTheServers(int status, int requests)
    {
        bool isFirst = true;
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = attempt => attempt.AddFallback(new()
                    {
                        ShouldHandle = args =>
                        {
                            bool replaces = isFirst;
                            isFirst = false;
                            return new(replaces);
                        },
                        FallbackAction = _ => new(Outcome.FromResult(new HttpResponseMessage((HttpStatusCode)status))),
                    }),
                },
            },
            OpenStream().Event(Zero, "a")).Until(10);

        Assert.That(story.Server.Requests, Has.Count.EqualTo(requests));
        Assert.That(story.Server.OpenConnectionCount, Is.EqualTo(requests - 1), "the one that was replaced is closed");
        Assert.That(story.Error, requests == 1 ? Is.TypeOf<SseResponseException>() : Is.Null);
    }

    [Test]
    public void Timeout_AroundAnOutage_ContainsTheLastFailure([Values] bool whileConnecting)
    {
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection =
                    Story.WithoutJitter with { ConfigureOutage = outage => outage.AddTimeout(FromSeconds(5)) },
            },
            Respond(HttpStatusCode.BadGateway, "down"),
            whileConnecting ? NeverAnswer() : Respond(HttpStatusCode.BadGateway, "down")).ToTheEnd();

        var timeout = (TimeoutRejectedException)story.Error!.InnerException!;
        Assert.That(story.EndTime, Is.EqualTo(5));
        Assert.That(
            timeout.InnerException!.InnerException,
            Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("down"));
    }

    [Test]
    public void Hedging_SecondAttempt_IsRefused()
    {
        var failures = new List<Exception?>();
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = attempt => attempt
                        .AddHedging(
                            new HedgingStrategyOptions<HttpResponseMessage>
                            {
                                Delay = FromSeconds(1),
                                MaxHedgedAttempts = 1,
                            })
                        .AddStrategy(_ => new FailureRecorder(failures), new TimeoutStrategyOptions()),
                },
            },
            OpenStream(FromSeconds(2)).Event(FromSeconds(3), "a"),
            OpenStream()).Until(10);

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(failures, Has.One.TypeOf<InvalidOperationException>());
    }

    private sealed class Recorder(List<string> seen) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context,
            TState state)
        {
            Outcome<HttpResponseMessage> outcome = await callback(context, state).ConfigureAwait(false);
            seen.Add(outcome.Exception?.GetType().Name ?? $"{outcome.Result?.StatusCode}");
            return outcome;
        }
    }

    private sealed class FailureRecorder(List<Exception?> failures) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context,
            TState state)
        {
            Outcome<HttpResponseMessage> outcome = await callback(context, state).ConfigureAwait(false);
            lock (failures)
                failures.Add(outcome.Exception);
            return outcome;
        }
    }
}
