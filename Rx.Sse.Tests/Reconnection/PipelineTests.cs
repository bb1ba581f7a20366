using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Rx.Sse.Scheduling;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Strategies of the caller's own around, inside and instead of reconnection.</summary>
internal sealed class PipelineTests
{
    private static readonly SseResponseScript OneEvent = OpenStream().Event(Zero, "a");

    [Test]
    public void FromSse_OpenCircuit_CountsAsAFailureAndDelaysTheConnect()
    {
        Story story = Begin(
            builder => builder
                .AddSseReconnect(new() { UseJitter = false })
                .AddCircuitBreaker(new() { MinimumThroughput = 3, FailureRatio = 0.5, BreakDuration = FromSeconds(10) }),
            OneEvent.Reset(Zero),
            Refuse(),
            OneEvent).Until(60);

        // The drop at 0 and the refusal at 3 open the circuit until 13; the attempt at 9 is rejected, the one at 21 passes.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 3, 21 }));
    }

    [Test]
    public void FromSse_CircuitThatRejectsTheLossItself_ConnectsAtTheNextAttempt()
    {
        var circuit = new CircuitBreakerManualControl();
        var reasons = new List<Type>();
        Story story = Begin(
            builder => builder
                .AddSseReconnect(new()
                {
                    UseJitter = false,
                    OnRetry = args =>
                    {
                        reasons.Add(args.Outcome.Exception!.GetType());
                        return default;
                    },
                })
                .AddCircuitBreaker(new() { ManualControl = circuit }),
            OneEvent.Reset(FromSeconds(1)),
            OneEvent);

        circuit.IsolateAsync().GetAwaiter().GetResult();
        story.Until(2);
        circuit.CloseAsync().GetAwaiter().GetResult();
        story.Until(60);

        Assert.That(reasons, Is.EqualTo(new[] { typeof(IsolatedCircuitException) }));
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4 }));
    }

    [Test]
    public void FromSse_ConnectTimeout_RunsOnTheSchedulerAndIsRetried()
    {
        Story story = Begin(
            builder => builder.AddSseReconnect(new() { UseJitter = false }).AddTimeout(FromSeconds(5)),
            NeverAnswer(),
            OpenStream(FromSeconds(4)).Event(FromSeconds(24), "a")).Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 8 }));
        Assert.That(story.Events, Is.EqualTo(new[] { (32.0, "a") }));
    }

    [Test]
    public void FromSse_TimeoutAroundReconnection_LimitsAWholeOutage()
    {
        Story story = Begin(
            builder => builder.AddTimeout(FromSeconds(20)).AddSseReconnect(new() { UseJitter = false }),
            OneEvent.Reset(FromSeconds(50)),
            Refuse()).ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 53, 59 }));
        Assert.That(story.EndTime, Is.EqualTo(70));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>().With.InnerException.TypeOf<Polly.Timeout.TimeoutRejectedException>());
    }

    [Test]
    public void FromSse_PipelineSharedByStreams_SharesItsCircuit()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Refuse(), Refuse(), OpenStream());
        using HttpClient client = server.CreateClient();
        ResiliencePipeline<HttpResponseMessage> shared = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = new SchedulerTimeProvider(scheduler) }
            .AddCircuitBreaker(new() { MinimumThroughput = 2, FailureRatio = 0.5, BreakDuration = FromSeconds(20) })
            .Build();
        var options = new SseOptions
        {
            Reconnection = builder => builder.AddSseReconnect(new() { UseJitter = false }).AddPipeline(shared),
        };
        var seen = new List<string>();

        using IDisposable first = Subscribe("first");
        using IDisposable second = Subscribe("second");
        scheduler.AdvanceTo(FromSeconds(60).Ticks);

        // The first connects of both open the circuit for 20 s: it rejects both at 3 and 9; at 21 it is closed again.
        Assert.That(server.Requests.Select(request => request.Time.TotalSeconds), Is.EqualTo(new[] { 0.0, 0, 21, 21 }));
        Assert.That(seen.Count(line => line.EndsWith(nameof(BrokenCircuitException), StringComparison.Ordinal)), Is.EqualTo(4));

        IDisposable Subscribe(string name) => Observable.FromSseSignals(client, Story.Path, options, scheduler)
            .OfType<SseDisconnected>()
            .Subscribe(d => seen.Add($"{name} {d.Reason.InnerException!.GetType().Name}"));
    }

    [Test]
    public void FromSse_WholePolicyShared_KeepsTheStreamsApart()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, OpenStream().Send(Zero, "retry: 1000\nid: 1\ndata: a\n\n").Reset(Zero), Refuse(FromSeconds(1)), OpenStream());
        using HttpClient client = server.CreateClient();
        ResiliencePipeline<HttpResponseMessage> shared = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = new SchedulerTimeProvider(scheduler) }
            .AddSseReconnect(new() { UseJitter = false })
            .Build();
        var options = new SseOptions { Reconnection = builder => builder.AddPipeline(shared) };

        using IDisposable first = Observable.FromSse(client, Story.Path, options, scheduler).Subscribe(_ => { });
        using IDisposable second = Observable.FromSse(client, Story.Path, options, scheduler).Subscribe(_ => { });
        scheduler.AdvanceTo(FromSeconds(30).Ticks);

        server.Requests.AssertEqual(ExpectedGet(Zero, Story.Path), ExpectedGet(Zero, Story.Path), ExpectedGet(FromSeconds(1), Story.Path, "1"), ExpectedGet(FromSeconds(4), Story.Path));
    }

    [Test]
    public void FromSse_ResponseThatAStrategyPutsInPlace_IsChecked()
    {
        Story story = Begin(
            builder => builder.AddFallback(new()
            {
                ShouldHandle = args => new(args.Outcome.Exception is not null),
                FallbackAction = _ => new(Outcome.FromResult(new HttpResponseMessage(System.Net.HttpStatusCode.BadGateway) { Content = new StringContent("no") })),
            }),
            Refuse()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseResponseException>().With.Property("Body").EqualTo("no"));
    }

    [Test]
    public void FromSse_PolicyThatRefusesAResponse_ClosesItAndTellsSo([Values] bool ours)
    {
        int calls = 0;
        ValueTask<bool> Refuses(Polly.Retry.RetryPredicateArguments<HttpResponseMessage> args) => new(args.Outcome.Result is not null && ++calls == 1);
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, OpenStream());
        using HttpClient client = server.CreateClient();
        var seen = new List<SseDisconnected>();

        using IDisposable subscription = Observable
            .FromSseSignals(
                client,
                Story.Path,
                new SseOptions
                {
                    Reconnection = builder => _ = ours
                        ? builder.AddSseReconnect(new() { UseJitter = false, ShouldHandle = Refuses })
                        : builder.AddRetry(new() { ShouldHandle = Refuses }),
                },
                scheduler)
            .OfType<SseDisconnected>().Subscribe(seen.Add);
        scheduler.AdvanceTo(FromSeconds(10).Ticks);

        Assert.That(seen.Select(d => (d.Attempt, d.Reason.Message)), Is.EqualTo(new[] { (1, "The policy did not accept the response.") }));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(server.OpenConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public void ResilienceContext_TellsAStrategyWhatTheServerSaid()
    {
        var seen = new List<(TimeSpan?, string, int)>();
        Begin(
            builder => builder.AddRetry(new()
            {
                ShouldHandle = args => new(args.Outcome.Exception is not null),
                MaxRetryAttempts = int.MaxValue,
                DelayGenerator = args =>
                {
                    ResilienceProperties properties = args.Context.Properties;
                    seen.Add((
                        properties.GetValue(SseResilienceKeys.ReconnectionTime, null),
                        properties.GetValue(SseResilienceKeys.LastEventId, "none"),
                        properties.GetValue(SseResilienceKeys.PreviousFailures, -1)));
                    return new(FromSeconds(1));
                },
            }),
            Refuse(),
            OpenStream().Send(Zero, "retry: 700\nid: 5\n\n").Reset(Zero),
            OpenStream()).Until(10);

        Assert.That(seen, Is.EqualTo(new (TimeSpan?, string, int)[] { (null, "", 0), (FromMilliseconds(700), "5", 1) }));
    }

    [Test]
    public void AddSseReconnect_InAPipelineOfOnesOwn_RetriesAsWell()
    {
        var scheduler = new TestScheduler();
        ResiliencePipeline<HttpResponseMessage> pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = new SchedulerTimeProvider(scheduler) }
            .AddSseReconnect(new() { UseJitter = false, MaxRetryAttempts = 2 })
            .Build();
        var times = new List<double>();

        ValueTask<HttpResponseMessage> execution = pipeline.ExecuteAsync<HttpResponseMessage>(_ =>
        {
            times.Add(FromTicks(scheduler.Clock).TotalSeconds);
            throw new IOException();
        });
        using (NoSynchronizationContext.Enter())
            scheduler.Start();

        Assert.That(times, Is.EqualTo(new[] { 0.0, 3, 9 }));
        Assert.That(execution.AsTask().Exception!.InnerException, Is.TypeOf<IOException>());
    }

    private static Story Begin(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, params SseScript[] script) =>
        Story.Begin(new SseOptions { Reconnection = reconnection }, script);
}
