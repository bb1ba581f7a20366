using System.Net;
using Polly;
using Polly.Fallback;
using Polly.Retry;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Unusual strategies.</summary>
internal sealed class OddStrategyTests
{
    [Test]
    public void FromSse_StrategyThatReturnsNoResponse_Fails()
    {
        Story story = Begin(around => around.AddFallback(InPlaceOfAFailure(null)), Refuse()).ToTheEnd();

        Assert.That(
            story.Error,
            Is.TypeOf<SseException>().With.Message.EqualTo(
                "The reconnection pipeline returned no response. (http://localhost/stream)"));
    }

    [Test]
    public void FromSse_EventStreamThatAStrategyPutsInPlace_IsRead()
    {
        var substitute =
            new HttpResponseMessage { Content = new StringContent("data: a\n\n", null, "text/event-stream") };
        Story story = Begin(
            around => around.AddFallback(InPlaceOfAFailure(substitute)),
            Refuse(),
            Respond(HttpStatusCode.NoContent)).Until(1);

        Assert.That(story.Events.First(), Is.EqualTo((0.0, "a")));
    }

    [Test]
    public void ConfigureAttempt_StrategyThatThrows_IsRetriedAsAFailure()
    {
        Story story = Begin(
            around => around.AddStrategy(_ => new ThrowsOnce(), new RetryStrategyOptions<HttpResponseMessage>()),
            OpenStream().Event(Zero, "a")).Until(10);

        Assert.That(story.Events, Is.EqualTo(new[] { (3.0, "a") }));
    }

    [Test]
    public void ConfigureOutage_RetryAroundReconnection_TriesAgainWithoutADelayOfOurs()
    {
        Story story = Story.Begin(
            new SseOptions
            {
                Reconnection = SseReconnection.Never with
                {
                    ConfigureOutage = builder => builder.AddRetry(new()
                    {
                        ShouldHandle = args => new(args.Outcome.Exception is not null),
                        Delay = FromSeconds(1),
                        UseJitter = false,
                    }),
                },
            },
            Refuse(),
            OpenStream().Event(Zero, "a").Reset(FromSeconds(1)),
            OpenStream().Event(Zero, "b")).Until(10);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 3 }));
        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (3.0, "b") }));
    }

    private static Story Begin(
        Action<ResiliencePipelineBuilder<HttpResponseMessage>> aroundAttempt,
        params SseScript[] script) =>
        Story.Begin(
            new SseOptions { Reconnection = Story.WithoutJitter with { ConfigureAttempt = aroundAttempt } }, script);

    private static FallbackStrategyOptions<HttpResponseMessage> InPlaceOfAFailure(HttpResponseMessage? substitute) =>
        new()
        {
            ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException),
            FallbackAction = _ => new(Outcome.FromResult(substitute)),
        };

    private sealed class ThrowsOnce : ResilienceStrategy<HttpResponseMessage>
    {
        private bool _hasThrown;

        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context, TState state)
        {
            if (_hasThrown)
                return callback(context, state);
            _hasThrown = true;
            throw new IOException();
        }
    }
}
