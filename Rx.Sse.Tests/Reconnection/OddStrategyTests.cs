using System.Net;
using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.Fallback;
using Polly.Retry;
using Rx.Sse.Scheduling;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Strategies that do what few do.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OddStrategyTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void FromSse_StrategyThatReturnsNoResponse_Fails()
    {
        Story story = Begin(builder => builder.AddFallback(InPlaceOfAFailure(null)), Refuse()).ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseException>().With.Message.EqualTo("The reconnection pipeline returned no response."));
    }

    [Test]
    public void FromSse_EventStreamThatAStrategyPutsInPlace_IsRead()
    {
        var substitute = new HttpResponseMessage { Content = new StringContent("data: a\n\n", null, "text/event-stream") };
        Story story = Begin(builder => builder.AddFallback(InPlaceOfAFailure(substitute)), Refuse(), Respond(HttpStatusCode.NoContent)).Until(1);

        Assert.That(story.Events.First(), Is.EqualTo((0.0, "a")));
    }

    [Test]
    public void AddSseReconnect_StrategyWithinThatThrows_IsRetriedAsAFailure()
    {
        Story story = Begin(
            builder => builder.AddSseReconnect(new() { UseJitter = false }).AddStrategy(_ => new ThrowsOnce(), new RetryStrategyOptions<HttpResponseMessage>()),
            OpenStream().Event(Zero, "a")).Until(10);

        Assert.That(story.Events, Is.EqualTo(new[] { (3.0, "a") }));
    }

    [Test]
    public void AddSseReconnect_InACustomPipeline_DisposesOfResponsesItDoesNotTake()
    {
        List<MemoryStream> bodies = [];
        ValueTask<HttpResponseMessage> execution = Execute(
            new() { UseJitter = false, MaxRetryAttempts = 2, ShouldHandle = args => new(args.Outcome.Result is not null) },
            () =>
            {
                bodies.Add(new MemoryStream());
                return new HttpResponseMessage { Content = new StreamContent(bodies[^1]) };
            });

        Assert.That(execution.IsCompletedSuccessfully);
        Assert.That(bodies.Select(body => body.CanRead), Is.EqualTo(new[] { false, false, true }));
    }

    [Test]
    public void AddSseReconnect_CancelledDuringTheDelay_TriesNoMore()
    {
        using var cancellation = new CancellationTokenSource();
        _scheduler.Schedule(FromSeconds(1), cancellation.Cancel);
        int attempts = 0;

        ValueTask<HttpResponseMessage> execution = Execute(
            new() { UseJitter = false },
            () =>
            {
                attempts++;
                throw new IOException();
            },
            cancellation.Token);

        Assert.That(execution.IsCanceled);
        Assert.That(attempts, Is.EqualTo(1));
        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(1).Ticks), "nothing is scheduled");
    }

    private static Story Begin(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, params SseScript[] script) =>
        Story.Begin(new SseOptions { Reconnection = reconnection }, script);

    private static FallbackStrategyOptions<HttpResponseMessage> InPlaceOfAFailure(HttpResponseMessage? substitute) => new()
    {
        ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException),
        FallbackAction = _ => new(Outcome.FromResult(substitute)),
    };

    private ValueTask<HttpResponseMessage> Execute(SseReconnectStrategyOptions options, Func<HttpResponseMessage> attempt, CancellationToken cancellation = default)
    {
        ResiliencePipeline<HttpResponseMessage> pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = new SchedulerTimeProvider(_scheduler) }
            .AddSseReconnect(options)
            .Build();
        ValueTask<HttpResponseMessage> execution = pipeline.ExecuteAsync(_ => new ValueTask<HttpResponseMessage>(attempt()), cancellation);
        using (NoSynchronizationContext.Enter())
            _scheduler.Start();
        return execution;
    }

    private sealed class ThrowsOnce : ResilienceStrategy<HttpResponseMessage>
    {
        private bool _hasThrown;

        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            if (_hasThrown)
                return callback(context, state);
            _hasThrown = true;
            throw new IOException();
        }
    }
}
