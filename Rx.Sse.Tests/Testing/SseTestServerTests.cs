using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Microsoft.Reactive.Testing.ReactiveTest;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>What the scripted server does on consecutive connections, and what it records.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SseTestServerTests
{
    private static readonly SseOptions WithoutJitter = new() { Reconnection = Story.WithoutJitter };

    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Connections_InSequence_AreServedAndRecorded()
    {
        var server = new SseTestServer(
            _scheduler,
            Refuse(FromSeconds(1)),
            Respond(HttpStatusCode.ServiceUnavailable),
            NeverAnswer(),
            OpenStream(FromSeconds(2)).Event(FromSeconds(3), "a", id: "1").Reset(FromSeconds(4)),
            OpenStream().Close(FromSeconds(1)),
            OpenStream());
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with
            {
                Delay = FromSeconds(1),
                MaxDelay = FromSeconds(1),
                ConfigureAttempt = builder => builder.AddTimeout(FromSeconds(5)),
            },
        };

        IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", options, _scheduler).Subscribe();
        _scheduler.AdvanceTo(FromSeconds(30).Ticks);
        subscription.Dispose();

        server.Requests.AssertEqual(
            ExpectedGet(Zero), ExpectedGet(FromSeconds(2)), ExpectedGet(FromSeconds(3)), ExpectedGet(FromSeconds(9)),
            ExpectedGet(FromSeconds(14), lastEventId: "1"), ExpectedGet(FromSeconds(16), lastEventId: "1"));
        server.Connections.AssertEqual(
            ExpectedConnection(opened: null, FromSeconds(1), SseClosedBy.Server),
            ExpectedConnection(FromSeconds(2), FromSeconds(2), SseClosedBy.Server),
            ExpectedConnection(opened: null, FromSeconds(8), SseClosedBy.Client),
            ExpectedConnection(FromSeconds(11), FromSeconds(13), SseClosedBy.Server),
            ExpectedConnection(FromSeconds(14), FromSeconds(15), SseClosedBy.Server),
            ExpectedConnection(FromSeconds(16), FromSeconds(30), SseClosedBy.Client));
    }

    [Test]
    public void Connections_StillUnderWay_AreRecordedAsSuch()
    {
        SseTestServer server = new SseTestServer(_scheduler)
            .On("/a", OpenStream(FromSeconds(1)))
            .On("/b", NeverAnswer());
        using HttpClient client = server.CreateClient();

        using IDisposable a = Observable.FromSse(client, "/a", null, _scheduler).Subscribe();
        using IDisposable b = Observable.FromSse(client, "/b", null, _scheduler).Subscribe();
        _scheduler.Start();

        server.Connections.AssertEqual(ExpectedConnection(FromSeconds(1)), ExpectedConnection(opened: null));
        Assert.That(server.OpenConnectionCount, Is.EqualTo(2));
    }

    [Test]
    public void Messages_OfSignals_AreAssertedByValue()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream(FromSeconds(1))
                .WithHeader("X-Any", "thing")
                .Comment(FromSeconds(2), "hi")
                .Event(FromSeconds(3), "a", "tick", "7", FromMilliseconds(500))
                .Reset(FromSeconds(4)),
            Respond(HttpStatusCode.NotFound, "gone"));
        ITestableObserver<SseSignal> observer = _scheduler.CreateObserver<SseSignal>();
        var address = new Uri("http://localhost/prices");

        Observable.FromSseSignals(server.CreateClient(), "/prices", WithoutJitter, _scheduler).Subscribe(observer);
        _scheduler.Start();

        observer.Messages.AssertEqual(
            OnNext<SseSignal>(0, new SseConnecting { Address = address }),
            OnNext<SseSignal>(FromSeconds(1).Ticks, new SseOpened { Address = address }),
            OnNext<SseSignal>(FromSeconds(2).Ticks, new SseComment { Text = "hi" }),
            OnNext<SseSignal>(
                FromSeconds(3).Ticks,
                new SseEvent
                {
                    Event = "tick",
                    Data = "a",
                    Id = "7",
                    LastEventId = "7",
                    Retry = FromMilliseconds(500),
                }),
            OnNext<SseSignal>(FromSeconds(4).Ticks, new SseDisconnected
            {
                Reason = new SseConnectionException(
                    "The connection to http://localhost/prices was lost after 42 bytes and 1 event: Connection reset "
                        + "by peer",
                    new IOException()),
                Delay = FromMilliseconds(500),
                Attempt = 1,
            }),
            OnNext<SseSignal>(FromSeconds(4.5).Ticks, new SseConnecting { Address = address, LastEventId = "7" }),
            OnError<SseSignal>(
                FromSeconds(4.5).Ticks,
                error => error is SseResponseException { StatusCode: HttpStatusCode.NotFound, Body: "gone" }));
    }

    [Test]
    public void Requests_OfAPost_AreRecordedWithHeadersAndBody()
    {
        var server = new SseTestServer(
            _scheduler, OpenStream(FromSeconds(2)).Event(FromSeconds(3), "[DONE]").Close(FromSeconds(3)));
        var request = SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Post, "/v1/chat?stream=1")
        {
            Headers = { { "Authorization", "Bearer key" }, { "X-Two", ["1", "2"] } },
            Content = new StringContent("""{"é":1}""", Encoding.UTF8, "application/json"),
        });
        ITestableObserver<string> observer = _scheduler.CreateObserver<string>();

        _scheduler.AdvanceTo(FromSeconds(10).Ticks);
        Observable.FromSse(server.CreateClient(), request, null, _scheduler).Select(e => e.Data).Subscribe(observer);
        _scheduler.Start();

        server.Requests.AssertEqual(ExpectedPost(FromSeconds(10), "/v1/chat?stream=1", """{"é":1}"""));
        IReadOnlyDictionary<string, string> headers = server.Requests[0].Headers;
        Assert.That(headers["authorization"], Is.EqualTo("Bearer key"));
        Assert.That(headers["X-Two"], Is.EqualTo("1, 2"));
        Assert.That(headers["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
        Assert.That(headers["Accept"], Is.EqualTo("text/event-stream"));
        observer.Messages.AssertEqual(
            OnNext(FromSeconds(13).Ticks, "[DONE]"), OnCompleted<string>(FromSeconds(13).Ticks));
    }

    [Test]
    public void Recorded_Times_CountFromWhenTheServerWasMade()
    {
        var scheduler = new HistoricalScheduler(new DateTimeOffset(2026, 1, 2, 3, 4, 5, FromHours(6)));
        var server = new SseTestServer(scheduler, Refuse(FromSeconds(1)), OpenStream());

        using IDisposable subscription = Observable.FromSse(
            server.CreateClient(), "/", WithoutJitter, scheduler).Subscribe();
        scheduler.AdvanceBy(FromMinutes(1));

        server.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(4)));
    }

    [Test]
    public void On_SeveralPaths_HaveSeparateScripts()
    {
        SseTestServer server = new SseTestServer(_scheduler, OpenStream().Event(Zero, "elsewhere"))
            .On("/a", OpenStream().Event(Zero, "a1").Reset(FromSeconds(1)))
            .On("/b", OpenStream().Event(Zero, "b1").Reset(FromSeconds(2)))
            .On("/a", OpenStream().Event(Zero, "a2"))
            .Otherwise(request => OpenStream().Event(Zero, $"further {request.Address.PathAndQuery}"));
        using HttpClient client = server.CreateClient();
        var seen = new List<string>();

        foreach (string path in new[] { "/a?x", "/b", "/c", "/d" })
            Observable.FromSse(client, path, WithoutJitter, _scheduler).Subscribe(e => seen.Add($"{path} {e.Data}"));
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(
            seen,
            Is.EqualTo(new[] { "/a?x a1", "/b b1", "/c elsewhere", "/d further /d", "/a?x a2", "/b further /b" }));
    }

    [Test]
    public void Otherwise_Rule_CanReplayFromTheLastEventId()
    {
        // Sends the ten events after the last one that the client saw, and breaks off in the middle of the fourth.
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(request =>
        {
            int last = int.Parse($"0{request.LastEventId}", provider: null);
            return Enumerable.Range(last + 1, 3)
                .Aggregate(OpenStream(), (script, id) => script.Event(FromSeconds(1), $"{id}", id: $"{id}"))
                .Send(FromSeconds(2), $"id: {last + 4}\ndata: {last}").Reset(FromSeconds(2));
        });
        var seen = new List<string>();

        Observable.FromSse(server.CreateClient(), "/", WithoutJitter, _scheduler)
            .Select(e => e.Data)
            .Take(100)
            .Subscribe(seen.Add);
        _scheduler.Start();

        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 100).Select(i => $"{i}")));
        Assert.That(server.Connections, Has.Count.EqualTo(34));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void Requests_WithAwkwardHeadersAndBody_AreRecordedAsTheyAreSent()
    {
        var server = new SseTestServer(_scheduler, Respond(HttpStatusCode.OK));
        using var message = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Headers = { { "User-Agent", "App/1.0 (Linux; x64)" }, { "X-Both", "1" } },
            Content = new ByteArrayContent("né"u8.ToArray()) { Headers = { { "X-Both", "2" } } },
        };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=klingon");

        using HttpResponseMessage response = server.CreateClient().SendAsync(message).Result;

        Assert.That(server.Requests[0].Headers["User-Agent"], Is.EqualTo("App/1.0 (Linux; x64)"));
        Assert.That(server.Requests[0].Headers["X-Both"], Is.EqualTo("1, 2"));
        Assert.That(server.Requests[0].Body, Is.EqualTo("né"));
        Assert.That(response.RequestMessage, Is.SameAs(message));
    }

    [TestCase("/größe")]
    [TestCase("/a b")]
    [TestCase("/a/../b")]
    public void On_PathThatIsEscapedOnTheWay_IsFound(string path)
    {
        SseTestServer server = new SseTestServer(_scheduler).On(path, Respond(HttpStatusCode.OK, "here"));

        Assert.That(server.CreateClient().GetStringAsync(path).Result, Is.EqualTo("here"));
    }

    [Test]
    public void Server_BehindACustomHandler_IsAHandlerLikeOthers()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using var client =
            new HttpClient(new AddsKey { InnerHandler = server }) { BaseAddress = new Uri("http://api.test/v1/") };

        using IDisposable subscription = Observable.FromSse(client, "prices", null, _scheduler).Subscribe();

        server.Requests.AssertEqual(ExpectedGet(Zero, "http://api.test/v1/prices"));
        Assert.That(server.Requests[0].Headers["X-Key"], Is.EqualTo("key"));
    }

    private sealed class AddsKey : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Key", "key");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
