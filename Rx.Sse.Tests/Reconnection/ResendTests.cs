using System.Net;
using Polly;
using Polly.CircuitBreaker;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>Which requests may be sent again, and what the end of a response means.</summary>
internal sealed class ResendTests : ResendFixture
{
    private static IEnumerable<TestCaseData> EndCases =>
        from method in new[] { "GET", "POST" }
        from resend in Enum.GetValues<SseResend>()
        from endOfStream in Enum.GetValues<SseEndOfStream>().Select(end => (SseEndOfStream?)end).Append(null)
        select new TestCaseData(method, resend, endOfStream);

    [TestCaseSource(nameof(EndCases))]
    public void EndOfStream_RegularEnd_DecidesAlone(string method, SseResend resend, SseEndOfStream? endOfStream)
    {
        bool isSafe = method == "GET";
        SseEndOfStream expected = endOfStream ?? (isSafe ? SseEndOfStream.Reconnect : SseEndOfStream.Complete);
        bool mayBeSent = isSafe || resend == SseResend.Always;
        Story story = Begin(
            method,
            new SseOptions { Resend = resend, EndOfStream = endOfStream },
            Open.Close(FromSeconds(1)),
            OpenStream());

        bool isReconnected = expected == SseEndOfStream.Reconnect && mayBeSent;
        Assert.That(story.Server.Requests, Has.Count.EqualTo(isReconnected ? 2 : 1));
        Assert.That(story.HasCompleted, Is.EqualTo(expected == SseEndOfStream.Complete));
        if (expected == SseEndOfStream.Reconnect && !mayBeSent)
            Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>().With.Message.Contains("SseOptions.Resend"));
        else if (expected == SseEndOfStream.Fail)
            Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>().With.Message.Not.Contains("Resend"));
        else
            Assert.That(story.Error, Is.Null);
    }

    [Test]
    public void Resend_StatusThatThePolicyDoesNotRetry_IsFinal([Values] SseResend resend) =>
        Assert.That(
            Begin("POST", new SseOptions { Resend = resend }, Respond(HttpStatusCode.NotFound), OpenStream())
                .Server.Requests,
            Has.Count.EqualTo(1));

    [Test]
    public void Resend_OpenCircuit_IsNoRequest()
    {
        var circuit = new CircuitBreakerManualControl();
        circuit.IsolateAsync().GetAwaiter().GetResult();
        Story story = Story.Begin(
            Request("POST"),
            new SseOptions
            {
                Reconnection = Story.WithoutJitter with
                {
                    ConfigureAttempt = attempt => attempt.AddCircuitBreaker(new() { ManualControl = circuit }),
                },
            },
            OpenStream()).Until(1);

        circuit.CloseAsync().GetAwaiter().GetResult();
        story.Until(10);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 3.0 }));
    }

    /// <summary>The check is right before the send, so a strategy that retries by itself cannot bypass it.</summary>
    [Test]
    public void Resend_CustomRetryStrategy_CannotBypassIt(
        [Values] bool aroundOutage, [Values] bool takesAttempt)
    {
        Action<ResiliencePipelineBuilder<HttpResponseMessage>> retry = builder => builder.AddRetry(new()
        {
            ShouldHandle = args => new(args.Outcome.Exception is not null),
            MaxRetryAttempts = 5,
        });
        SseRequest request = takesAttempt
            ? SseRequest.Create(_ => new HttpRequestMessage(HttpMethod.Post, Story.Address))
            : Request("POST");

        Story story = Story.Begin(
            request,
            new SseOptions
            {
                Reconnection = aroundOutage
                    ? SseReconnection.Never with { ConfigureOutage = retry }
                    : Story.WithoutJitter with { ConfigureAttempt = retry },
            },
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream()).ToTheEnd();

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Error, Is.TypeOf<SseResponseException>());
    }

    /// <summary>Whether to resend is known before the wait, unless a factory decides for each attempt.</summary>
    [Test]
    public void Resend_Never_EndsBeforeTheWaitUnlessAFactoryDecides([Values] bool takesAttempt)
    {
        SseRequest request = takesAttempt
            ? SseRequest.Create(_ => new HttpRequestMessage(HttpMethod.Post, Story.Address))
            : Request("POST");

        Story story = Story.Begin(
            request,
            new SseOptions { Reconnection = Story.WithoutJitter },
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream()).ToTheEnd();

        Assert.That(story.EndTime, Is.EqualTo(takesAttempt ? 3 : 0));
        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void PostThenGet_EndOfThePost_CompletesByItsMethod()
    {
        Story story = Story.Begin(
            SseRequest.Create(attempt =>
                new HttpRequestMessage(attempt.ConnectionCount == 0 ? HttpMethod.Post : HttpMethod.Get, Story.Address)),
            new SseOptions { Reconnection = Story.WithoutJitter },
            Open.Reset(FromSeconds(1)),
            Open.Close(FromSeconds(1)),
            OpenStream()).Until(60);

        // The POST is dropped and then resumed by a GET. When the response to the GET ends, the client reconnects.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 4, 8 }));
    }

    [Test]
    public void EndOfStream_PolicyThatDeclines_CompletesAndTheLimitFails()
    {
        Story declined = Story.Begin(
            new SseOptions { Reconnection = SseReconnection.Never }, Open.Close(Zero)).ToTheEnd();
        Story limited = Story.Begin(
            new SseOptions { Reconnection = Story.WithoutJitter with { MaxRetryAttempts = 1 } },
            OpenStream().Close(Zero)).ToTheEnd();

        Assert.That(declined.HasCompleted);
        Assert.That(limited.Error, Is.TypeOf<SseEndOfStreamException>());
        Assert.That(limited.Server.Requests, Has.Count.EqualTo(2));
    }
}
