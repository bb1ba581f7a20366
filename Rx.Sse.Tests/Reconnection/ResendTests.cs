using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>The whole table of what may be sent again, and what the end of a response means.</summary>
internal sealed class ResendTests
{
    private static readonly SseResponseScript Open = OpenStream().Event(Zero, "a", id: "1");

    /// <summary>How the first request ends, and whether that proves that the server has not acted on it.</summary>
    private static readonly (string Name, bool IsRefusal, SseScript Script)[] Failures =
    [
        ("connection refused", true, Refuse()),
        ("unknown host", true, RefuseWith(HttpRequestError.NameResolutionError)),
        ("TLS handshake", true, RefuseWith(HttpRequestError.SecureConnectionError)),
        ("proxy", true, RefuseWith(HttpRequestError.ProxyTunnelError)),
        ("503", true, Respond(HttpStatusCode.ServiceUnavailable)),
        ("429", true, Respond(HttpStatusCode.TooManyRequests)),
        ("reset before the headers", false, Refuse(exception: new HttpRequestException("reset", new IOException()))),
        ("end before the headers", false, RefuseWith(HttpRequestError.ResponseEnded)),
        ("unknown failure", false, RefuseWith(HttpRequestError.Unknown)),
        ("client timeout", false, Refuse(exception: new TaskCanceledException("timeout", new TimeoutException()))),
        ("reset before an event", false, OpenStream().Reset(FromSeconds(1))),
        ("reset after an event", false, Open.Reset(FromSeconds(1))),
        ("silence", false, Open),
    ];

    private static IEnumerable<TestCaseData> FailureCases =>
        from failure in Failures
        from method in new[] { "GET", "OPTIONS", "TRACE", "POST", "PUT", "QUERY" }
        from resend in Enum.GetValues<SseResend>()
        from endOfStream in Enum.GetValues<SseEndOfStream>().Select(end => (SseEndOfStream?)end).Append(null)
        select new TestCaseData(failure, method, resend, endOfStream)
            .SetArgDisplayNames(failure.Name, method, $"{resend}", $"{endOfStream}");

    private static IEnumerable<TestCaseData> EndCases =>
        from method in new[] { "GET", "POST" }
        from resend in Enum.GetValues<SseResend>()
        from endOfStream in Enum.GetValues<SseEndOfStream>().Select(end => (SseEndOfStream?)end).Append(null)
        select new TestCaseData(method, resend, endOfStream);

    [TestCaseSource(nameof(FailureCases))]
    [Category("NotNetStandard")]
    public void Resend_Failure_SendsAgainWhatMayBeSent(
        (string Name, bool IsRefusal, SseScript Script) failure,
        string method,
        SseResend resend,
        SseEndOfStream? endOfStream)
    {
        bool isSafe = method is "GET" or "OPTIONS" or "TRACE";
        bool isSentAgain = isSafe || resend == SseResend.Always || (resend == SseResend.WhenRefused && failure.IsRefusal);
        Story story = Begin(method, new SseOptions { Resend = resend, EndOfStream = endOfStream }, failure.Script, OpenStream().Event(FromSeconds(9), "b"));

        Assert.That(story.Server.Requests, Has.Count.EqualTo(isSentAgain ? 2 : 1));
        Assert.That(story.Error, isSentAgain ? Is.Null : Is.InstanceOf<SseException>());
        Assert.That(story.HasCompleted, Is.False);
    }

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

    /// <summary>In doubt it has been sent, also when a refusal follows.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void WhenRefused_RefusalsAndThenADoubt_EndsAtTheDoubt()
    {
        Story story = Begin(
            "POST",
            new SseOptions { Resend = SseResend.WhenRefused },
            Refuse(),
            Respond(HttpStatusCode.ServiceUnavailable),
            RefuseWith(HttpRequestError.ResponseEnded),
            OpenStream());

        Assert.That(story.Server.Requests, Has.Count.EqualTo(3));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>());
    }

    /// <summary>
    /// The gate is right before the send, so a strategy that retries by itself does not get around it.
    /// </summary>
    [Test]
    public void Resend_RetryStrategyOfTheCaller_DoesNotGetAroundIt(
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

    /// <summary>As .NET's handler does after 301, 302 and 303, on the same message.</summary>
    [Test]
    [Category("NotNetStandard")]
    public void WhenRefused_GetThatThePostWasRedirectedToFails_IsNotSentAgain([Values] SseResend resend)
    {
        var requests = 0;
        using var client = new HttpClient(new RedirectingHandler(() => requests++));
        var scheduler = new TestScheduler();
        Exception? error = null;
        using IDisposable subscription = Observable
            .FromSse(
                client,
                SseRequest.Post("http://test/", () => new StringContent("{}")),
                new SseOptions { Resend = resend, Reconnection = Story.WithoutJitter with { MaxRetryAttempts = 1 } },
                scheduler)
            .Subscribe(_ => { }, thrown => error = thrown);

        scheduler.Start();

        Assert.That(requests, Is.EqualTo(resend == SseResend.Always ? 2 : 1));
        Assert.That(error, Is.TypeOf<SseConnectionException>());
    }

    /// <summary>The answer is known before the wait, unless a factory decides by the attempt.</summary>
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

        // The drop of the POST is resumed by a GET, whose end reconnects.
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

    private sealed class RedirectingHandler(Action onRequest) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken)
        {
            onRequest();
            request.Method = HttpMethod.Get;
            request.Content = null;
            throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        }
    }

    private static Story Begin(string method, SseOptions options, params SseScript[] script) => Story.Begin(
        Request(method),
        options with { Reconnection = Story.WithoutJitter, IdleTimeout = FromSeconds(10) },
        script).Until(17);

    private static SseRequest Request(string method) =>
        SseRequest.Create(() => new HttpRequestMessage(new HttpMethod(method), Story.Address));

    private static SseScript RefuseWith(HttpRequestError error) =>
        Refuse(exception: new HttpRequestException(error, "no", new SocketException()));
}
