using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Microsoft.Reactive.Testing.ReactiveTest;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Documentation;

/// <summary>The examples of docs/testing.md.</summary>
internal sealed class TestingPageTests
{
    [Test]
    public void Prices_ConnectionBreaks_GoOnAfterThreeSeconds()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler,
            OpenStream().Event(FromSeconds(1), "99.5", id: "1").Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "99.7", id: "2"));
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };
        ITestableObserver<string> observer = scheduler.CreateObserver<string>();

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler)
            .Select(e => e.Data)
            .Subscribe(observer);
        scheduler.AdvanceTo(FromMinutes(1).Ticks);

        observer.Messages.AssertEqual(OnNext(FromSeconds(1).Ticks, "99.5"), OnNext(FromSeconds(6).Ticks, "99.7"));
        server.Requests.AssertEqual(
            ExpectedGet(Zero, "/prices"),
            ExpectedGet(FromSeconds(5), "/prices", lastEventId: "1"));
    }

    [Test]
    public void Connections_OpenedAndClosed_AreRecorded()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler,
            Refuse(FromSeconds(1)),
            OpenStream(FromSeconds(1)).Close(FromSeconds(2)),
            OpenStream());
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };

        using (Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe())
            scheduler.AdvanceTo(FromMinutes(1).Ticks);

        server.Connections.AssertEqual(
            ExpectedConnection(opened: null, closed: FromSeconds(1), by: SseClosedBy.Server),
            ExpectedConnection(opened: FromSeconds(5), closed: FromSeconds(6), by: SseClosedBy.Server),
            ExpectedConnection(opened: FromSeconds(12), closed: FromMinutes(1), by: SseClosedBy.Client));
    }

    [Test]
    public void Redirect_IsFollowed_AndTheIdBeyondAsciiIsSent()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler,
            Respond(HttpStatusCode.TemporaryRedirect, headers: [("Location", "/v2/prices")]),
            OpenStream())
        {
            RequestHeaderEncodingSelector = SseRequest.HeaderEncoding,
        };
        var options = new SseOptions { LastEventId = "größe" };

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe();

        server.Requests.AssertEqual(
            ExpectedGet(Zero, "/prices", lastEventId: "größe"),
            ExpectedGet(Zero, "/v2/prices", lastEventId: "größe"));
    }

    [Test]
    public void RetryAfter_WithADate_IsMeasuredByTheSchedulersClock()
    {
        var scheduler = new TestScheduler();
        string in20Seconds = (scheduler.Now + FromSeconds(20)).ToString("R");
        var server = new SseTestServer(
            scheduler,
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", in20Seconds)]),
            OpenStream());
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe();
        scheduler.Start();

        server.Requests.AssertEqual(ExpectedGet(Zero, "/prices"), ExpectedGet(FromSeconds(20), "/prices"));
    }

    [Test]
    public void IdleTimeout_WithHeartbeats_CountsFromTheLastOne()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler,
            OpenStream().Comment(FromSeconds(15)).Repeat(every: FromSeconds(15), until: FromMinutes(1)));
        var options = new SseOptions { IdleTimeout = FromSeconds(20), Reconnection = SseReconnection.Never };
        ITestableObserver<SseEvent> observer = scheduler.CreateObserver<SseEvent>();

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe(observer);
        scheduler.Start();

        observer.Messages.AssertEqual(
            OnError<SseEvent>(FromSeconds(65).Ticks, error => error is SseIdleTimeoutException));
    }

    [Test]
    public void Scripts_ThatWereNeverServed_AreListed()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(scheduler, OpenStream().Close(FromSeconds(1)), OpenStream(), NeverAnswer());
        var options = new SseOptions { EndOfStream = SseEndOfStream.Complete };

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe();
        scheduler.Start();

        Assert.That(
            server.UnservedScripts.Select(script => script.ToString()),
            Is.EqualTo(new[] { "script 2: answers 200 at 00:00:00", "script 3: never answers" }));
    }

    [Test]
    public void Chat_ConnectionBreaksInTheAnswer_FailsAndIsNotSentAgain()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler,
            OpenStream(FromSeconds(1))
                .Event(FromSeconds(2), "Hel")
                .Send(FromSeconds(3), "data: lo, 日"u8[..^1])
                .Reset(FromSeconds(3)));
        var request = SseRequest.Post("/chat", () => new StringContent("Hi"));
        ITestableObserver<string> observer = scheduler.CreateObserver<string>();

        Observable
            .FromSse(server.CreateClient(), request, new SseOptions { EndOfStream = SseEndOfStream.Fail }, scheduler)
            .TakeWhile(e => e.Data != "[DONE]").Select(e => e.Data).Subscribe(observer);
        scheduler.Start();

        observer.Messages.AssertEqual(
            OnNext(FromSeconds(2).Ticks, "Hel"),
            OnError<string>(FromSeconds(3).Ticks, error => error is SseConnectionException));
        server.Requests.AssertEqual(ExpectedPost(Zero, "/chat", "Hi"));
    }

    [Test]
    public void Everything_OnTheServerThatReplays_ComesOnce()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = new SseTestServer(scheduler).Otherwise(request =>
        {
            int next = request.LastEventId == "" ? 1 : int.Parse(request.LastEventId) + 1;
            return OpenStream()
                .Event(Zero, $"{next}", id: $"{next}")
                .Event(FromSeconds(1), $"{next + 1}", id: $"{next + 1}")
                .Reset(FromSeconds(2));
        });
        List<string> received = [];

        Observable.FromSse(server.CreateClient(), "/log", null, scheduler)
            .Select(e => e.Data)
            .Take(100)
            .Subscribe(received.Add);
        scheduler.Start();

        Assert.That(received, Is.EqualTo(Enumerable.Range(1, 100).Select(i => $"{i}")));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void Jitter_WithACustomRandomSource_IsPredictable()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = new SseTestServer(scheduler).Otherwise(Refuse());
        var options = new SseOptions
        {
            Reconnection = SseReconnection.Default with { Randomizer = () => 0.5, MaxRetryAttempts = 2 },
        };

        Observable.FromSse(server.CreateClient(), "/prices", options, scheduler).Subscribe(_ => { }, _ => { });
        scheduler.Start();

        server.Requests.AssertEqual(
            ExpectedGet(Zero, "/prices"),
            ExpectedGet(FromSeconds(3.75), "/prices"),
            ExpectedGet(FromSeconds(11.25), "/prices"));
    }

    [Test]
    public void Prices_OnAHistoricalScheduler_NeedNoOtherLibrary()
    {
        var scheduler = new HistoricalScheduler();
        SseTestServer server = new SseTestServer(scheduler)
            .On("/prices", OpenStream().Event(FromSeconds(1), "99.5"))
            .On("/news", Respond(HttpStatusCode.NotFound));
        List<Timestamped<Notification<string>>> seen = [];

        foreach (string path in new[] { "/prices", "/news" })
            Observable.FromSse(server.CreateClient(), path, null, scheduler)
                .Select(e => e.Data)
                .Materialize()
                .Timestamp(scheduler)
                .Subscribe(seen.Add);
        DateTimeOffset start = scheduler.Now;
        scheduler.AdvanceBy(FromMinutes(1));

        Assert.That(seen, Has.Count.EqualTo(2));
        Assert.That(seen[0].Value.Exception, Is.TypeOf<SseResponseException>());
        Assert.That(seen[1], Is.EqualTo(Timestamped.Create(Notification.CreateOnNext("99.5"), start + FromSeconds(1))));
    }

    [Test]
    public void Prices_ThroughACustomHandler_CarryTheToken()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(scheduler, OpenStream());
        using var client = new HttpClient(new TokenHandler { InnerHandler = server })
        {
            BaseAddress = new Uri("https://api.test/v1/"),
        };

        Observable.FromSse(client, "prices", null, scheduler).Subscribe();

        server.Requests.AssertEqual(ExpectedGet(Zero, "https://api.test/v1/prices"));
        Assert.That(server.Requests[0].Headers["Authorization"], Is.EqualTo("Bearer token"));
    }

    [Test]
    public void Request_ThatNoScriptIsLeftFor_FailsTheTest()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(scheduler, OpenStream().Reset(FromSeconds(1)));

        Observable.FromSse(server.CreateClient(), "/prices", null, scheduler).Subscribe(_ => { }, _ => { });

        Assert.That(scheduler.Start, Throws.TypeOf<SseScriptException>());
    }

    private sealed class TokenHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", "token");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
