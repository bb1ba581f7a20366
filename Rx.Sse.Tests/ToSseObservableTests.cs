using System.Net;
using System.Reactive.Linq;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests;

/// <summary>Existing responses and streams.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ToSseObservableTests : ReactiveTest
{
    private readonly TestScheduler _scheduler = new();
    private readonly List<MemoryStream> _bodies = [];

    [Test]
    public void ToSseObservable_Stream_IsReadToItsEndAndClosed()
    {
        ITestableObserver<SseEvent> observer = Observe(
            Body("id: 1\ndata: a\n\ndata: b\n\ndata: unfinished").ToSseObservable());

        observer.Messages.AssertEqual(
            OnNext(0, new SseEvent { Data = "a", Id = "1", LastEventId = "1" }),
            OnNext(0, new SseEvent { Data = "b", LastEventId = "1" }),
            OnCompleted<SseEvent>(0));
        Assert.That(_bodies.Single().CanRead, Is.False);
    }

    [Test]
    public void ToSseObservable_EndThatIsToFail_Fails() =>
        Observe(Body("data: a\n\n").ToSseObservable(new SseOptions { EndOfStream = SseEndOfStream.Fail }))
            .Messages.AssertEqual(
            OnNext(0, new SseEvent { Data = "a" }),
            OnError<SseEvent>(0, error => error is SseEndOfStreamException));

    [Test]
    public void ToSseObservable_EndOfStreamIsReconnect_Completes() =>
        Observe(Body("").ToSseObservable(new SseOptions { EndOfStream = SseEndOfStream.Reconnect }))
            .Messages.AssertEqual(OnCompleted<SseEvent>(0));

    [Test]
    public void ToSseObservable_BrokenStream_Fails() =>
        Observe(Served(OpenStream().Event(Zero, "a").Reset(FromTicks(5))).ToSseObservable(null, _scheduler))
            .Messages.AssertEqual(
            OnNext(0, new SseEvent { Data = "a" }),
            OnError<SseEvent>(5, error => error is SseConnectionException { InnerException: IOException }));

    [Test]
    public void ToSseObservable_Options_Apply()
    {
        var options = new SseOptions { LastEventId = "0", MaxEventSize = 10, IdleTimeout = FromTicks(70) };

        Observe(Body("data: a\n\ndata: 0123456789\n\n").ToSseObservable(options, _scheduler)).Messages.AssertEqual(
            OnNext(0, new SseEvent { Data = "a", LastEventId = "0" }),
            OnError<SseEvent>(0, error => error is SseLimitException));

        Observe(Served(OpenStream()).ToSseObservable(options, _scheduler)).Messages.AssertEqual(
            OnError<SseEvent>(70, error => error is SseIdleTimeoutException));
    }

    [Test]
    public void ToSseObservable_Selector_SeesTheBytesOfTheResponseOrStream()
    {
        const string Text = "data: a\n\nid: 7\ndata: bcd\n\n";
        var options = new SseOptions { LastEventId = "1", EndOfStream = SseEndOfStream.Fail };
        SseSelector<string> selector = e => $"{Encoding.UTF8.GetString(e.LastEventId)} {e.Data.Length}";
        HttpResponseMessage refused = Response(HttpStatusCode.OK, "text/plain");

        foreach (IObservable<string> source in new[]
        {
            Body(Text).ToSseObservable(selector, options, _scheduler),
            Response(HttpStatusCode.OK, "text/event-stream", Text).ToSseObservable(selector, options, _scheduler),
        })
        {
            Observe(source).Messages.AssertEqual(
                OnNext(0, "1 1"),
                OnNext(0, "7 3"),
                OnError<string>(0, error => error is SseEndOfStreamException));
        }

        Observe(refused.ToSseObservable(selector)).Messages.AssertEqual(
            OnError<string>(0, error => error is SseResponseException));
        Assert.That(_bodies.Select(body => body.CanRead), Has.All.False);
    }

    [Test]
    public void ToSseObservable_SelectorThrows_FailsWithWhatItThrew() =>
        Observe(Body("data: a\n\ndata: b\n\n").ToSseObservable<int>(_ => throw new FormatException()))
            .Messages.AssertEqual(
            OnError<int>(0, error => error is FormatException));

    [Test]
    public void ToSseObservable_Disposed_ClosesTheStream()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        Stream body = server.CreateClient().GetStreamAsync(Story.Path).Result;

        IDisposable subscription = body.ToSseObservable().Subscribe(_ => { });
        server.Connections.AssertEqual(ExpectedConnection(opened: Zero));
        subscription.Dispose();

        server.Connections.AssertEqual(ExpectedConnection(Zero, closed: Zero, by: SseClosedBy.Client));
    }

    [Test]
    public void ToSseObservable_SecondSubscription_Fails()
    {
        IObservable<SseEvent> events = Body("data: a\n\n").ToSseObservable();

        Observe(events).Messages.AssertEqual(OnNext(0, new SseEvent { Data = "a" }), OnCompleted<SseEvent>(0));
        Observe(events).Messages.AssertEqual(OnError<SseEvent>(0, error => error is InvalidOperationException));
    }

    [Test]
    public void ToSseObservable_SecondSubscriptionDuringTheFirst_LeavesThatAlone()
    {
        IObservable<SseEvent> events = Served(OpenStream().Event(FromTicks(5), "a")).ToSseObservable(null, _scheduler);
        var seen = new List<object>();

        using IDisposable first = events.Subscribe(e => seen.Add(e.Data));
        events.Subscribe(_ => { }, error => seen.Add(error.GetType())).Dispose();
        _scheduler.Start();

        Assert.That(seen, Is.EqualTo(new object[] { typeof(InvalidOperationException), "a" }));
    }

    [Test]
    public void ToSseObservable_SecondObserverThrows_SurfacesOnTheScheduler()
    {
        IObservable<SseEvent> events = Body("").ToSseObservable(null, _scheduler);
        Observe(events);

        using IDisposable second = events.Subscribe(_ => { });

        Assert.That(_scheduler.Start, Throws.InvalidOperationException);
    }

    [Test]
    public void ToSseObservable_Response_IsChecked()
    {
        Observe(Response(HttpStatusCode.OK, "text/event-stream").ToSseObservable()).Messages.AssertEqual(
            OnNext(0, new SseEvent { Data = "a" }), OnCompleted<SseEvent>(0));
        Observe(Response(HttpStatusCode.NoContent, null).ToSseObservable())
            .Messages.AssertEqual(OnCompleted<SseEvent>(0));
        Observe(Response(HttpStatusCode.OK, "text/plain").ToSseObservable()).Messages.AssertEqual(
            OnError<SseEvent>(
                0,
                error => error is SseResponseException { MediaType: "text/plain", Body: "data: a\n\n" }));
        Observe(Response(HttpStatusCode.InternalServerError, "text/event-stream").ToSseObservable())
            .Messages.AssertEqual(
            OnError<SseEvent>(
                0,
                error => error is SseResponseException { StatusCode: HttpStatusCode.InternalServerError }));

        Assert.That(_bodies, Has.Count.EqualTo(4));
        Assert.That(_bodies.Select(body => body.CanRead), Has.All.False);
    }

    [Test]
    public void ToSseObservable_Nonsense_IsRefused()
    {
        Assert.That(() => SseObservable.ToSseObservable((Stream)null!), Throws.ArgumentNullException);
        Assert.That(() => SseObservable.ToSseObservable((HttpResponseMessage)null!), Throws.ArgumentNullException);
        Assert.That(
            () => SseObservable.ToSseObservable((Stream)null!, e => e.Data.Length), Throws.ArgumentNullException);
        Assert.That(
            () => Response(HttpStatusCode.OK, null).ToSseObservable((SseSelector<int>)null!),
            Throws.ArgumentNullException);
        Assert.That(() => Body("").ToSseObservable((SseSelector<int>)null!), Throws.ArgumentNullException);
        var closed = new MemoryStream();
        closed.Dispose();
        Assert.That(
            () => closed.ToSseObservable(), Throws.ArgumentException.With.Property("ParamName").EqualTo("stream"));
    }

    private ITestableObserver<T> Observe<T>(IObservable<T> events)
    {
        ITestableObserver<T> observer = _scheduler.CreateObserver<T>();
        events.Subscribe(observer);
        _scheduler.Start();
        return observer;
    }

    private MemoryStream Body(string text)
    {
        var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        _bodies.Add(body);
        return body;
    }

    private Stream Served(SseScript script) =>
        new SseTestServer(_scheduler, script).CreateClient().GetStreamAsync(Story.Path).Result;

    private HttpResponseMessage Response(HttpStatusCode status, string? contentType, string body = "data: a\n\n")
    {
        var response = new HttpResponseMessage(status) { Content = new StreamContent(Body(body)) };
        if (contentType is not null)
            response.Content.Headers.ContentType = new(contentType);
        return response;
    }
}
