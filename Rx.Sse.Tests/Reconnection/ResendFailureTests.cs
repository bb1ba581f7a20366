using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary>
/// The complete table of what may be sent again. Not with the netstandard2.0 build, which does not have <see
/// cref="HttpRequestError"/>.
/// </summary>
[Category("NotNetStandard")]
internal sealed class ResendFailureTests : ResendFixture
{
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

    [TestCaseSource(nameof(FailureCases))]
    public void Resend_Failure_SendsAgainWhatMayBeSent(
        (string Name, bool IsRefusal, SseScript Script) failure,
        string method,
        SseResend resend,
        SseEndOfStream? endOfStream)
    {
        bool isSafe = method is "GET" or "OPTIONS" or "TRACE";
        bool isSentAgain = isSafe
            || resend == SseResend.Always
            || (resend == SseResend.WhenRefused && failure.IsRefusal);
        Story story = Begin(
            method,
            new SseOptions { Resend = resend, EndOfStream = endOfStream },
            failure.Script,
            OpenStream().Event(FromSeconds(9), "b"));

        Assert.That(story.Server.Requests, Has.Count.EqualTo(isSentAgain ? 2 : 1));
        Assert.That(story.Error, isSentAgain ? Is.Null : Is.InstanceOf<SseException>());
        Assert.That(story.HasCompleted, Is.False);
    }

    /// <summary>If in doubt, the request counts as sent, even if a refusal follows.</summary>
    [Test]
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

    /// <summary>The handler changes the message itself, as .NET's handler does after 301, 302 and 303.</summary>
    [Test]
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

    private static SseScript RefuseWith(HttpRequestError error) =>
        Refuse(exception: new HttpRequestException(error, "no", new SocketException()));

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
}
