using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>
/// The scripted server behaves like .NET's handler with a real server. The golden stories compare the two; these tests
/// cover what the stories do not show.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HandlerRulesTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Request_HeaderBeyondAscii_IsRefusedAndNotRecorded()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using HttpRequestMessage message = Message("Last-Event-ID", "käse");

        HttpRequestException? refused =
            Assert.ThrowsAsync<HttpRequestException>(() => server.CreateClient().SendAsync(message)).Result;

        Assert.That(refused!.Message, Is.EqualTo("Request headers must contain only ASCII characters."));
        Assert.That(refused.InnerException, Is.Null);
        server.Requests.AssertEqual();
        Assert.That(server.UnservedScripts, Has.Count.EqualTo(1));
    }

    [Test]
    public void RequestHeaderEncodingSelector_ThatKnowsTheHeader_LetsItPass()
    {
        var server = new SseTestServer(_scheduler).Otherwise(Respond(HttpStatusCode.OK));
        server.RequestHeaderEncodingSelector = SseRequest.HeaderEncoding;
        using HttpRequestMessage known = Message("Last-Event-ID", "käse"), other = Message("X-Other", "käse");

        using HttpResponseMessage response = server.CreateClient().SendAsync(known).Result;

        server.Requests.AssertEqual(ExpectedGet(Zero, lastEventId: "käse"));
        Assert.That(() => server.CreateClient().SendAsync(other), Throws.TypeOf<HttpRequestException>());
    }

    [Test]
    public void Redirects_OneAfterTheOther_EndAtTheFiftyFirst()
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(
            request => Respond(HttpStatusCode.Found, headers: [("Location", $"{request.Address.AbsolutePath}x")]));

        using HttpResponseMessage response = server.CreateClient().GetAsync("/").Result;

        Assert.That(server.Requests, Has.Count.EqualTo(51));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Found));
        Assert.That(response.RequestMessage!.RequestUri, Is.EqualTo(server.Requests[50].Address));
    }

    [TestCase("https://api.test/", "http://api.test/b", ExpectedResult = 1)]
    [TestCase("https://api.test/", "https://api.test/b", ExpectedResult = 2)]
    [TestCase("https://api.test/", "/b", ExpectedResult = 2)]
    [TestCase("http://api.test/", "https://api.test/b", ExpectedResult = 2)]
    public int Redirect_FromHttpsToHttp_IsNotFollowed(string from, string to)
    {
        var server = new SseTestServer(
            _scheduler,
            Respond(HttpStatusCode.TemporaryRedirect, headers: [("Location", to)]),
            Respond(HttpStatusCode.OK));

        using HttpResponseMessage response = server.CreateClient().GetAsync(new Uri(from)).Result;

        return server.Requests.Count;
    }

    [Test]
    public void Redirect_ThatNeverEnds_IsClosedByTheClient()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream(FromSeconds(1)).WithStatus(HttpStatusCode.Found).WithHeader("Location", "/b"),
            OpenStream().Close(FromSeconds(10)));
        using HttpClient client = server.CreateClient();

        using IDisposable subscription = Observable.FromSse(
            client, "/a", new SseOptions { EndOfStream = SseEndOfStream.Complete }, _scheduler).Subscribe();
        _scheduler.Start();

        server.Requests.AssertEqual(ExpectedGet(Zero, "/a"), ExpectedGet(FromSeconds(1), "/b"));
        server.Connections.AssertEqual(
            ExpectedConnection(FromSeconds(1), FromSeconds(3), SseClosedBy.Client),
            ExpectedConnection(FromSeconds(1), FromSeconds(11), SseClosedBy.Server));
    }

    [Test]
    public void Redirect_ThatEndsAtOnce_LeavesNothingOnTheScheduler()
    {
        var server = new SseTestServer(
            _scheduler,
            Respond(HttpStatusCode.Found, "moved", headers: [("Location", "/b")], time: FromSeconds(1)),
            Respond(HttpStatusCode.OK));

        Task<string> body = server.CreateClient().GetStringAsync("/a");
        _scheduler.Start();

        Assert.That(body.Result, Is.Empty);
        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(1).Ticks));
    }

    [Test]
    public void Response_Date_IsThatOfTheScheduler()
    {
        var scheduler = new HistoricalScheduler(new DateTimeOffset(2026, 1, 2, 3, 4, 5, FromHours(2)));
        var server = new SseTestServer(scheduler, Respond(HttpStatusCode.OK, time: FromSeconds(2.5)));

        Task<HttpResponseMessage> response = server.CreateClient().GetAsync("/");
        scheduler.Start();

        string date = response.Result.Headers.GetValues("Date").Single();
        Assert.That(date, Is.EqualTo("Fri, 02 Jan 2026 01:04:07 GMT"));
    }

    [TestCase("Thu, 01 Jan 2026 00:00:20 GMT", null, ExpectedResult = false)]
    [TestCase("Thu, 01 Jan 2026 00:00:20 GMT", "Thu, 01 Jan 2026 00:00:00 GMT", ExpectedResult = true)]
    [TestCase("Mon, 01 Jan 0001 00:00:20 GMT", null, ExpectedResult = true)]
    [TestCase("20", null, ExpectedResult = true)]
    public bool RetryAfter_DateByAnotherClock_IsAFaultOfTheTest(string retryAfter, string? date)
    {
        (string, string)[] dates = date is null ? [] : [("Date", date)];
        var server = new SseTestServer(
            _scheduler,
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", retryAfter), .. dates]),
            OpenStream());
        var options = new SseOptions { Reconnection = Story.WithoutJitter };
        Observable.FromSse(server.CreateClient(), "/", options, _scheduler).Subscribe(_ => { }, _ => { });

        try
        {
            _scheduler.Start();
        }
        catch (SseScriptException fault)
        {
            Assert.That(fault.Message, Does.Contain("Retry-After").And.Contain("the Now of the scheduler"));
            return false;
        }

        server.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(20)));
        return true;
    }

    [Test]
    public void ContentLength_Reached_EndsTheResponseAtOnce()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().WithHeader("Content-Length", "3").InChunksOf(2)
                .Send(FromSeconds(1), "hello")
                .Close(FromSeconds(5)));

        Task<string> body = server.CreateClient().GetStringAsync("/");
        _scheduler.Start();

        Assert.That(body.Result, Is.EqualTo("hel"));
        server.Connections.AssertEqual(ExpectedConnection(Zero, FromSeconds(1), SseClosedBy.Server));
    }

    [TestCase("5", true, ExpectedResult = "hello world")]
    [TestCase("five", false, ExpectedResult = "hello world")]
    [TestCase("5", false, ExpectedResult = "hello")]
    public string ContentLength_IgnoredByHttp_IsIgnored(string length, bool isChunked)
    {
        SseResponseScript script = OpenStream().WithHeader("Content-Length", length);
        if (isChunked)
            script = script.WithHeader("Transfer-Encoding", "chunked");
        var server = new SseTestServer(_scheduler, script.Send(Zero, "hello world").Close(Zero));
        Stream body = server.CreateClient().GetStreamAsync("/").Result;

        return new StreamReader(body).ReadToEndAsync().Result;
    }

    [TestCase("/a", typeof(InvalidOperationException))]
    [TestCase(null, typeof(InvalidOperationException))]
    [TestCase("ftp://localhost/a", typeof(NotSupportedException), Category = "NotNetFramework")]
    public void Request_AddressThatNoHandlerTakes_IsRefused(string? address, Type error)
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using var invoker = new HttpMessageInvoker(server);
        using var message = new HttpRequestMessage(HttpMethod.Get, address);

        Assert.That(() => invoker.SendAsync(message, CancellationToken.None), Throws.TypeOf(error));
        server.Requests.AssertEqual();
    }

    private static HttpRequestMessage Message(string header, string value)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, "/");
        message.Headers.TryAddWithoutValidation(header, value);
        return message;
    }
}
