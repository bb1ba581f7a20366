using System.Net;
using System.Net.Http.Headers;
using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Documentation;

/// <summary>The examples of docs/reconnection.md, in virtual time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReconnectionPageTests
{
    private readonly TestScheduler _scheduler = new();

    private List<string> Received { get; } = [];

    private Exception? Error { get; set; }

    [Test]
    public void With_MoreFailuresThanAllowed_FailsAfterThem()
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(Refuse());
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                MaxRetryAttempts = 10,
                // Until the headers have come.
                ConfigureAttempt = builder => builder.AddTimeout(TimeSpan.FromSeconds(5)),
            },
        };

        Subscribe(server, "/", options).AdvanceTo(FromHours(1).Ticks);

        Assert.That(Error, Is.TypeOf<SseConnectionException>());
        Assert.That(server.Requests, Has.Count.EqualTo(11));
    }

    [Test]
    public void CustomStrategies_LongOutage_GiveUp()
    {
        SseTestServer server = new SseTestServer(_scheduler, OpenStream().Reset(FromSeconds(1))).Otherwise(Refuse());

        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                MaxRetryAttempts = 100,
                ConfigureOutage = outage => outage.AddTimeout(TimeSpan.FromMinutes(10)),     // gives up an outage
                ConfigureAttempt = attempt => attempt.AddTimeout(TimeSpan.FromSeconds(5)),   // until the headers
            },
        };

        Subscribe(server, "/", options).AdvanceTo(FromHours(1).Ticks);

        Assert.That(Error, Is.TypeOf<SseConnectionException>());
        Assert.That(server.Requests[^1].Time, Is.LessThan(FromMinutes(10) + FromSeconds(1)));
        Assert.That(server.Requests, Has.Count.GreaterThan(10));
    }

    [Test]
    public void SharedCircuitBreaker_HealthyServerThatEndsResponses_StaysClosed()
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(
            OpenStream().Event(Zero, "a").Close(FromSeconds(1)));
        HttpClient client = server.CreateClient();
        TimeProvider clock = _scheduler.ToTimeProvider();

        ResiliencePipeline<HttpResponseMessage> shared =
            new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock }
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions<HttpResponseMessage>())
                .Build();
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with { ConfigureAttempt = attempt => attempt.AddPipeline(shared) },
        };

        int refused = 0;
        foreach (int number in Enumerable.Range(0, 100))
        {
            Observable.FromSseSignals(client, $"/{number}", options, _scheduler).OfType<SseDisconnected>()
                .Subscribe(disconnected => refused += disconnected.Reason is SseEndOfStreamException ? 0 : 1);
        }

        _scheduler.AdvanceTo(FromMinutes(5).Ticks);

        Assert.That(refused, Is.Zero);
        Assert.That(server.Requests, Has.Count.GreaterThan(5_000));
    }

    [Test]
    public void CursorInTheQuery_BlockThatHasOnlyAnId_IsSentToo()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().Send(FromSeconds(1), "id: a b\n\n").Reset(FromSeconds(1)),
            OpenStream().Event(Zero, "b", id: "c"));

        SseRequest request = SseRequest.Create(attempt => new HttpRequestMessage(
            HttpMethod.Get, $"/events?after={Uri.EscapeDataString(attempt.LastEventId)}"));

        Subscribe(server, request, Options).AdvanceTo(FromSeconds(10).Ticks);

        Assert.That(
            server.Requests.Select(sent => sent.Address.PathAndQuery),
            Is.EqualTo(new[] { "/events?after=", "/events?after=a%20b" }));
    }

    [Test]
    public void TokenRenewal_AfterOneRefusal_IsDoneOnce([Values] bool helps)
    {
        int renewals = 0;
        SseTestServer server = new SseTestServer(_scheduler, Respond(HttpStatusCode.Unauthorized))
            .Otherwise(helps ? OpenStream().Event(Zero, "a") : Respond(HttpStatusCode.Unauthorized));

        string token = "old";
        SseRequest request = SseRequest.Create(async (attempt, cancellation) =>
        {
            if (attempt.Failure is SseResponseException { StatusCode: HttpStatusCode.Unauthorized })
                token = await RenewAsync(cancellation);
            var message = new HttpRequestMessage(HttpMethod.Get, "/events");
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return message;
        });
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                // Once: a 401 for a token that has just been renewed is final.
                ShouldHandle = args =>
                    args.Outcome.Exception is SseResponseException { StatusCode: HttpStatusCode.Unauthorized }
                        ? new(args.Context.Properties.GetValue(SseResilienceKeys.Attempt, default).Failure
                            is not SseResponseException { StatusCode: HttpStatusCode.Unauthorized })
                        : SseReconnection.Default.ShouldHandle(args),
            },
        };

        Subscribe(server, request, options).AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(renewals, Is.EqualTo(1));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(Error, helps ? Is.Null : Is.TypeOf<SseResponseException>());

        Task<string> RenewAsync(CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            return Task.FromResult($"new {++renewals}");
        }
    }

    [Test]
    public void Failover_AddressThatFails_IsReplacedByTheOther()
    {
        var server = new SseTestServer(
            _scheduler, Refuse(), Respond(HttpStatusCode.BadGateway), OpenStream().Event(Zero, "a"));

        Uri[] addresses = [new("http://one.example/events"), new("http://two.example/events")];
        SseRequest request = SseRequest.Create(attempt => new HttpRequestMessage(
            HttpMethod.Get, addresses[attempt.FailureCount % addresses.Length]));

        Subscribe(server, request, Options).AdvanceTo(FromSeconds(10).Ticks);

        Assert.That(
            server.Requests.Select(sent => sent.Address.Host),
            Is.EqualTo(new[] { "one.example", "two.example", "one.example" }));
    }

    [Test]
    public void PostThenGet_ConnectionThatBreaks_IsResumed()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "a", id: "7").Reset(FromSeconds(2)),
            OpenStream().Event(Zero, "b", id: "8"));

        SseRequest request = SseRequest.Create(attempt => attempt.ConnectionCount == 0
            ? new HttpRequestMessage(HttpMethod.Post, "/responses") { Content = new StringContent("{}") }
            : new HttpRequestMessage(HttpMethod.Get, $"/responses/1?starting_after={attempt.LastEventId}"));

        Subscribe(server, request, Options).AdvanceTo(FromSeconds(10).Ticks);

        server.Requests.AssertEqual(
            ExpectedPost(Zero, "/responses", "{}"),
            ExpectedGet(FromSeconds(5), "/responses/1?starting_after=7", "7"));
        Assert.That(Received, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void PostThenGet_PostThatIsRefused_IsNotSentTwice()
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(Respond(HttpStatusCode.ServiceUnavailable));
        SseRequest request = SseRequest.Create(attempt => attempt.ConnectionCount == 0
            ? new HttpRequestMessage(HttpMethod.Post, "/responses")
            : new HttpRequestMessage(HttpMethod.Get, "/responses/1"));

        Subscribe(server, request, Options).AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(Error, Is.TypeOf<SseResponseException>());
    }

    [Test]
    public void FailFast_HostThatCannotBeReached_FailsAtTheFirstTry()
    {
        SseTestServer unreachable = new SseTestServer(_scheduler).Otherwise(Refuse());
        var breaking = new SseTestServer(_scheduler, OpenStream().Reset(Zero), OpenStream().Event(Zero, "a"));

        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with
            {
                // An address that has never worked is more likely wrong than down.
                ShouldHandle = args =>
                    args.Context.Properties.GetValue(SseResilienceKeys.Attempt, default).ConnectionCount > 0
                        ? SseReconnection.Default.ShouldHandle(args)
                        : new(false),
            },
        };

        Subscribe(breaking, "/", options).AdvanceTo(FromSeconds(10).Ticks);
        Assert.That(Received, Is.EqualTo(new[] { "a" }));
        Assert.That(Error, Is.Null);

        Subscribe(unreachable, "/", options);
        Assert.That(Error, Is.TypeOf<SseConnectionException>());
        Assert.That(unreachable.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void ReconnectWhen_TheNetworkIsBack_EndsTheWait()
    {
        var server = new SseTestServer(_scheduler, Refuse(), OpenStream().Event(Zero, "a"));
        HttpClient client = server.CreateClient();
        string url = "/";

        var networkIsBack = new Subject<Unit>();
        var options = new SseOptions { ReconnectWhen = networkIsBack };
        using IDisposable subscription =
            Observable.FromSse(client, url, options, _scheduler).Subscribe(e => Received.Add(e.Data));

        _scheduler.AdvanceTo(FromSeconds(1).Ticks);
        networkIsBack.OnNext(Unit.Default);

        server.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(1)));
        Assert.That(Received, Is.EqualTo(new[] { "a" }));
    }

    private static SseOptions Options => new() { Reconnection = SseReconnection.Default with { UseJitter = false } };

    private TestScheduler Subscribe(SseTestServer server, SseRequest request, SseOptions options)
    {
        Observable.FromSse(server.CreateClient(), request, options, _scheduler)
            .Subscribe(e => Received.Add(e.Data), error => Error = error);
        return _scheduler;
    }
}
