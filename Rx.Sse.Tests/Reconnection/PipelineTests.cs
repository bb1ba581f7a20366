using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>The caller's strategies around an outage and around each attempt.</summary>
internal sealed class PipelineTests
{
    private static readonly SseResponseScript OneEvent = OpenStream().Event(Zero, "a");

    [Test]
    public void FromSse_OpenCircuit_CountsAsAFailureAndDelaysTheConnect()
    {
        Story story = Begin(
            Story.WithoutJitter with
            {
                ConfigureAttempt = builder => builder.AddCircuitBreaker(
                    new() { MinimumThroughput = 3, FailureRatio = 0.5, BreakDuration = FromSeconds(10) }),
            },
            OneEvent.Reset(Zero),
            Refuse(),
            Refuse(),
            OneEvent).Until(60);

        // The circuit breaker counts the connect at 0, which succeeds, and the refusals at 3 and 9, which open it until
        // 19. The loss at 0 is not an attempt. The attempt at 21 passes.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 9, 21 }));
    }

    [Test]
    public void FromSse_CircuitThatIsOpenAtTheLoss_ConnectsAtTheNextAttempt()
    {
        var circuit = new CircuitBreakerManualControl();
        var reasons = new List<Type>();
        Story story = Begin(
            Story.WithoutJitter with
            {
                OnRetry = args =>
                {
                    reasons.Add(args.Outcome.Exception!.GetType());
                    return default;
                },
                ConfigureAttempt = builder => builder.AddCircuitBreaker(new() { ManualControl = circuit }),
            },
            OneEvent.Reset(FromSeconds(1)),
            OneEvent);

        circuit.IsolateAsync().GetAwaiter().GetResult();
        story.Until(5);
        circuit.CloseAsync().GetAwaiter().GetResult();
        story.Until(60);

        // The loss at 1 is not an attempt, so the strategy does not see it. The attempt at 4 is rejected.
        Assert.That(reasons, Is.EqualTo(new[] { typeof(IOException), typeof(IsolatedCircuitException) }));
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 10 }));
    }

    [Test]
    public void FromSse_ConnectTimeout_RunsOnTheSchedulerAndIsRetried()
    {
        Story story = Begin(
            Story.WithoutJitter with { ConfigureAttempt = builder => builder.AddTimeout(FromSeconds(5)) },
            NeverAnswer(),
            OpenStream(FromSeconds(4)).Event(FromSeconds(24), "a")).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 8 }));
        Assert.That(story.Events, Is.EqualTo(new[] { (32.0, "a") }));
    }

    [Test]
    public void FromSse_TimeoutAroundReconnection_LimitsAWholeOutage()
    {
        Story story = Begin(
            Story.WithoutJitter with { ConfigureOutage = builder => builder.AddTimeout(FromSeconds(20)) },
            OneEvent.Reset(FromSeconds(50)),
            Refuse()).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 53, 59 }));
        Assert.That(story.EndTime, Is.EqualTo(70));
        Assert.That(
            story.Error,
            Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<Polly.Timeout.TimeoutRejectedException>());
    }

    [Test]
    public void FromSse_PipelineSharedByStreams_SharesItsCircuit()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Refuse(), Refuse(), OpenStream());
        using HttpClient client = server.CreateClient();
        ResiliencePipeline<HttpResponseMessage> shared =
            new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = scheduler.ToTimeProvider() }
            .AddCircuitBreaker(new() { MinimumThroughput = 2, FailureRatio = 0.5, BreakDuration = FromSeconds(20) })
            .Build();
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with { ConfigureAttempt = builder => builder.AddPipeline(shared) },
        };
        var seen = new List<string>();

        using IDisposable first = Subscribe("first");
        using IDisposable second = Subscribe("second");
        scheduler.AdvanceTo(FromSeconds(60).Ticks);

        // The first connects of both streams open the circuit for 20 s. It rejects both at 3 and 9, and is closed at
        // 21.
        Assert.That(server.Requests.Select(request => request.Time.TotalSeconds), Is.EqualTo(new[] { 0.0, 0, 21, 21 }));
        Assert.That(
            seen.Count(line => line.EndsWith(nameof(BrokenCircuitException), StringComparison.Ordinal)), Is.EqualTo(4));

        IDisposable Subscribe(string name) => Observable.FromSseSignals(client, Story.Path, options, scheduler)
            .OfType<SseDisconnected>()
            .Subscribe(d => seen.Add($"{name} {d.Reason.InnerException!.GetType().Name}"));
    }

    [Test]
    public void FromSse_ResponseThatAStrategyPutsInPlace_IsChecked()
    {
        Story story = Begin(
            Story.WithoutJitter with
            {
                MaxRetryAttempts = 1,
                ConfigureOutage = builder => builder.AddFallback(new()
                {
                    ShouldHandle = args => new(args.Outcome.Exception is not null),
                    FallbackAction = _ => new(Outcome.FromResult(
                        new HttpResponseMessage(System.Net.HttpStatusCode.BadGateway)
                        {
                            Content = new StringContent("no"),
                        })),
                }),
            },
            Refuse()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("no"));
    }

    [Test]
    public void FromSse_StrategyThatDoesNotAcceptAResponse_ClosesItAndTellsSo()
    {
        int calls = 0;
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, OpenStream());
        using HttpClient client = server.CreateClient();
        var seen = new List<SseDisconnected>();
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with
            {
                ConfigureAttempt = builder => builder.AddRetry(new()
                {
                    ShouldHandle = args => new(args.Outcome.Result is not null && ++calls == 1),
                }),
            },
        };

        using IDisposable subscription = Observable.FromSseSignals(client, Story.Path, options, scheduler)
            .OfType<SseDisconnected>().Subscribe(seen.Add);
        scheduler.AdvanceTo(FromSeconds(10).Ticks);

        Assert.That(
            seen.Select(d => (d.Attempt, d.Delay, d.Reason.Message)),
            Is.EqualTo(
                new (int, TimeSpan?, string)[]
                {
                    (1, null, "The policy did not accept the response. (http://localhost/stream)"),
                }));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(server.OpenConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public void ShouldHandle_GoodResponse_IsNotAsked()
    {
        var asked = new List<Outcome<HttpResponseMessage>>();
        Begin(
            Story.WithoutJitter with
            {
                ShouldHandle = args =>
                {
                    asked.Add(args.Outcome);
                    return new(true);
                },
            },
            Refuse(),
            OneEvent).Until(10);

        Assert.That(asked.Select(outcome => outcome.Exception), Has.One.Items.And.All.TypeOf<HttpRequestException>());
    }

    [Test]
    public void SseResilienceKeys_TellAStrategyWhatTheServerSaidAndWhyItConnects()
    {
        var seen = new List<(TimeSpan?, string, int, int, Type?)>();
        Begin(
            Story.WithoutJitter with
            {
                Delay = FromSeconds(1),
                BackoffType = DelayBackoffType.Constant,
                ConfigureAttempt = builder => builder.AddStrategy(
                    _ => new Observer(context =>
                    {
                        SseAttempt attempt = context.Properties.GetValue(SseResilienceKeys.Attempt, default);
                        seen.Add((
                            context.Properties.GetValue(SseResilienceKeys.ReconnectionTime, null),
                            attempt.LastEventId,
                            attempt.ConnectionCount,
                            attempt.FailureCount,
                            attempt.Failure?.GetType()));
                    }),
                    new RetryStrategyOptions<HttpResponseMessage>()),
            },
            Refuse(),
            OpenStream().Send(Zero, "retry: 700\nid: 5\n\n").Reset(Zero),
            OpenStream()).Until(10);

        Assert.That(seen, Is.EqualTo(new (TimeSpan?, string, int, int, Type?)[]
        {
            (null, "", 0, 0, null),
            (null, "", 0, 1, typeof(SseConnectionException)),
            (FromMilliseconds(700), "5", 1, 2, typeof(SseConnectionException)),
        }));
    }

    private static Story Begin(SseReconnection reconnection, params SseScript[] script) =>
        Story.Begin(new SseOptions { Reconnection = reconnection }, script);

    private sealed class Observer(Action<ResilienceContext> onExecute) : ResilienceStrategy<HttpResponseMessage>
    {
        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context,
            TState state)
        {
            onExecute(context);
            return callback(context, state);
        }
    }
}
