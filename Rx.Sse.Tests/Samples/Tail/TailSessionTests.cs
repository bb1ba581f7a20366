using Microsoft.Reactive.Testing;
using Rx.Sse.Samples.Tail;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Samples.Tail;

/// <summary>What the options of 'tail' do to a stream, in virtual time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TailSessionTests
{
    private readonly TestScheduler _scheduler = new();
    private readonly RecordingScreen _screen = new();

    [Test]
    public void Follow_Outage_ResumesAndShowsWhy()
    {
        SseTestServer server = Serve(
            OpenStream().Event(FromSeconds(1), "a", id: "1", retry: FromSeconds(2)).Reset(FromSeconds(2)),
            OpenStream().Event(FromSeconds(1), "b", id: "2"));

        Follow(server, new TailOptions(), FromSeconds(20));

        Assert.That(_screen.Data, Is.EqualTo(["a", "b"]));
        Assert.That(server.Requests.Select(request => request.LastEventId), Is.EqualTo(["", "1"]));
        Assert.That(
            _screen.Signals.Select(signal => signal.GetType()),
            Is.EqualTo(
            [
                typeof(SseConnecting), typeof(SseOpened), typeof(SseDisconnected), typeof(SseConnecting),
                typeof(SseOpened),
            ]));
        Assert.That(_screen.Refreshes, Is.EqualTo(80));
    }

    [Test]
    public void Follow_FirstConnectionFails_FailsAtOnce()
    {
        SseTestServer server = Serve(Refuse());

        ITestableObserver<SseEvent> observer = Follow(server, new TailOptions(), FromDays(1));

        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(observer.Messages.Single().Value.Exception, Is.TypeOf<SseConnectionException>());
    }

    [Test]
    public void Follow_LaterConnectionsFail_KeepsTrying()
    {
        SseTestServer server = Serve(OpenStream().Reset(FromSeconds(1))).Otherwise(Refuse());

        ITestableObserver<SseEvent> observer = Follow(server, new TailOptions(), FromDays(1));

        Assert.That(server.Requests, Has.Count.GreaterThan(1000));
        Assert.That(observer.Messages, Is.Empty);
    }

    [Test]
    public void Follow_Retries_AreFromTheFirstConnectionOn()
    {
        SseTestServer server = Serve().Otherwise(Refuse());

        ITestableObserver<SseEvent> observer = Follow(server, new TailOptions { Retries = 2 }, FromDays(1));

        Assert.That(server.Requests, Has.Count.EqualTo(3));
        Assert.That(observer.Messages.Single().Value.Exception, Is.TypeOf<SseConnectionException>());
    }

    [Test]
    public void Follow_NoRetries_EndsWithTheStream()
    {
        SseTestServer server = Serve(OpenStream().Event(FromSeconds(1), "a").Close(FromSeconds(2)));

        ITestableObserver<SseEvent> observer = Follow(server, new TailOptions { Retries = 0 }, FromDays(1));

        Assert.That(_screen.Data, Is.EqualTo(["a"]));
        Assert.That(observer.Messages.Last().Value.Kind, Is.EqualTo(System.Reactive.NotificationKind.OnCompleted));
    }

    [Test]
    public void Follow_Events_WritesAndCountsOnlyThose()
    {
        SseTestServer server = Serve(OpenStream()
            .Event(FromSeconds(1), "a", "x")
            .Event(FromSeconds(2), "b", "y")
            .Event(FromSeconds(3), "c")
            .Event(FromSeconds(4), "d", "x")
            .Event(FromSeconds(5), "e"));

        ITestableObserver<SseEvent> observer = Follow(
            server, new TailOptions { Events = ["x", "message"], Count = 3 }, FromSeconds(10));

        Assert.That(_screen.Data, Is.EqualTo(["a", "c", "d"]));
        Assert.That(observer.Messages.Last().Time, Is.EqualTo(FromSeconds(4).Ticks));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void Follow_Timeout_EndsAlsoWithinAnOutage()
    {
        SseTestServer server = Serve(OpenStream().Event(FromSeconds(1), "a").Reset(FromSeconds(2)))
            .Otherwise(NeverAnswer());

        ITestableObserver<SseEvent> observer = Follow(
            server, new TailOptions { Timeout = FromSeconds(30) }, FromDays(1));

        Assert.That(observer.Messages.Last(), Is.EqualTo(ReactiveTest.OnCompleted<SseEvent>(FromSeconds(30).Ticks)));
        Assert.That(_screen.Refreshes, Is.LessThanOrEqualTo(4 * 30));
    }

    [Test]
    public void Follow_IdleTimeout_Reconnects()
    {
        SseTestServer server = Serve(OpenStream().Comment(FromSeconds(8)), OpenStream());

        Follow(server, new TailOptions { IdleTimeout = FromSeconds(10) }, FromSeconds(25));

        Assert.That(server.Requests, Has.Count.EqualTo(2));
        Assert.That(_screen.Signals.OfType<SseDisconnected>().Single().Reason, Is.TypeOf<SseIdleTimeoutException>());
    }

    [Test]
    public void Follow_Request_HasHeadersAndLastEventId()
    {
        SseTestServer server = Serve(OpenStream());

        Follow(
            server,
            new TailOptions { LastEventId = "7", Headers = [new("X-One", "1"), new("Accept", "*/*")] },
            FromSeconds(1));

        SseTestRequest request = server.Requests.Single();
        Assert.That(
            (request.LastEventId, request.Headers["X-One"], request.Headers["Accept"]), Is.EqualTo(("7", "1", "*/*")));
    }

    [Test]
    public void Follow_Data_IsSentAsJson()
    {
        SseTestServer server = Serve(OpenStream());

        Follow(server, new TailOptions { Method = HttpMethod.Post, Data = "{}" }, FromSeconds(1));

        SseTestRequest request = server.Requests.Single();
        Assert.That(
            (request.Method, request.Body, request.Headers["Content-Type"]),
            Is.EqualTo((HttpMethod.Post, "{}", "application/json; charset=utf-8")));
    }

    [Test]
    public void Follow_DataWithAContentType_HasThat()
    {
        SseTestServer server = Serve(OpenStream());
        RequestHeader[] headers = [new("Content-Type", "text/plain")];

        Follow(server, new TailOptions { Method = HttpMethod.Put, Data = "a", Headers = headers }, FromSeconds(1));

        SseTestRequest request = server.Requests.Single();
        Assert.That(
            (request.Method, request.Headers["Content-Type"]), Is.EqualTo((HttpMethod.Put, "text/plain")));
    }

    [TestCase("http://us%C3%A9r:p%40ss@localhost/", null, "Basic dXPDqXI6cEBzcw==")]
    [TestCase("http://user@localhost/", null, "Basic dXNlcg==")]
    [TestCase("http://user:pass@localhost/", "Bearer x", "Bearer x")]
    public void Follow_CredentialsInTheUrl_AreSent(string url, string? header, string expected)
    {
        SseTestServer server = Serve(OpenStream());
        RequestHeader[] headers = header is null ? [] : [new("authorization", header)];
        var session = new TailSession(new Uri(url), new TailOptions { Headers = headers }, _screen, _scheduler);

        session.Follow(server.CreateClient()).Subscribe();

        Assert.That(server.Requests.Single().Headers["Authorization"], Is.EqualTo(expected));
    }

    [Test]
    public void Follow_IdleTimeoutBeforeTheHeaders_Fails()
    {
        SseTestServer server = Serve(NeverAnswer());

        ITestableObserver<SseEvent> observer =
            Follow(server, new TailOptions { IdleTimeout = FromSeconds(5) }, FromMinutes(1));

        Assert.That(observer.Messages.Single().Time, Is.EqualTo(FromSeconds(5).Ticks));
        Assert.That(observer.Messages.Single().Value.Exception, Is.InstanceOf<SseException>());
    }

    [Test]
    public void Follow_IdleTimeoutBeforeLaterHeaders_Reconnects()
    {
        SseTestServer server = Serve(
            OpenStream().Event(Zero, "a").Reset(Zero), NeverAnswer(), OpenStream().Event(Zero, "b"));

        Follow(server, new TailOptions { IdleTimeout = FromSeconds(5) }, FromSeconds(20));

        Assert.That(_screen.Data, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Follow_SinceFile_HoldsTheLastEventWritten()
    {
        using var folder = new TempFolder();
        SseTestServer server = Serve(OpenStream()
            .Event(FromSeconds(1), "a", "x", id: "1")
            .Event(FromSeconds(2), "b", "x", id: "2")
            .Event(FromSeconds(3), "c", "y", id: "3"));

        Follow(
            server,
            new TailOptions { Events = ["x"], SinceFile = new SinceFile(folder.PathOf("since")) },
            FromSeconds(10));

        Assert.That(new SinceFile(folder.PathOf("since")).Read(), Is.EqualTo("2"));
    }

    private SseTestServer Serve(params SseScript[] connections) => new(_scheduler, connections);

    private ITestableObserver<SseEvent> Follow(SseTestServer server, TailOptions options, TimeSpan time)
    {
        ITestableObserver<SseEvent> observer = _scheduler.CreateObserver<SseEvent>();
        var session = new TailSession(new Uri("http://localhost/"), options, _screen, _scheduler);
        using IDisposable subscription = session.Follow(server.CreateClient()).Subscribe(observer);
        _scheduler.AdvanceTo(time.Ticks);
        return observer;
    }
}
