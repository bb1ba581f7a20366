using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>An invalid script fails at once, and the exception says what is wrong.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class BadScriptTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Steps_TimesThatRunBackwards_AreRefused()
    {
        const string Message =
            "A step at 00:00:01 cannot follow one at 00:00:02: the times of a script do not run backwards.";
        SseResponseScript script = OpenStream(FromSeconds(2));

        Assert.That(() => script.Send(FromSeconds(1), "x"), Throws.ArgumentException.With.Message.StartsWith(Message));
        Assert.That(
            () => script.Send(FromSeconds(1), "x"u8), Throws.ArgumentException.With.Message.StartsWith(Message));
        Assert.That(() => script.Event(FromSeconds(1), "x"), Throws.ArgumentException.With.Message.StartsWith(Message));
        Assert.That(() => script.Comment(FromSeconds(1)), Throws.ArgumentException.With.Message.StartsWith(Message));
        Assert.That(() => script.Close(FromSeconds(1)), Throws.ArgumentException.With.Message.StartsWith(Message));
        Assert.That(() => script.Reset(FromSeconds(1)), Throws.ArgumentException.With.Message.StartsWith(Message));
    }

    [Test]
    public void Steps_TimeThatNoSchedulerHas_IsRefused()
    {
        Assert.That(() => OpenStream(FromTicks(-1)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Refuse(FromTicks(-1)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => OpenStream().Close(MaxValue), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Steps_FieldsThatTheFormatCannotSay_AreRefused()
    {
        Assert.That(() => OpenStream().Event(Zero, "a\rb"), Throws.ArgumentException.With.Message.Contains("CR"));
        Assert.That(
            () => OpenStream().Event(Zero, "a", @event: "b\nc"),
            Throws.ArgumentException.With.Message.Contains("line break"));
        Assert.That(
            () => OpenStream().Event(Zero, "a", id: "b\rc"),
            Throws.ArgumentException.With.Message.Contains("line break"));
        Assert.That(
            () => OpenStream().Event(Zero, "a", id: "b\0c"),
            Throws.ArgumentException.With.Message.Contains("NUL"));
        Assert.That(
            () => OpenStream().Event(Zero, "a", retry: FromTicks(1)),
            Throws.ArgumentException.With.Message.Contains("milliseconds"));
        Assert.That(
            () => OpenStream().Event(Zero, "a", retry: FromSeconds(-1)),
            Throws.ArgumentException.With.Message.Contains("milliseconds"));
        Assert.That(() => OpenStream().Comment(Zero, "a\rb"), Throws.ArgumentException.With.Message.Contains("CR"));
    }

    [Test]
    public void Script_Nonsense_IsRefused()
    {
        Assert.That(() => OpenStream().InChunksOf(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => OpenStream().WithHeader("no header", "x"),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("name"));
        Assert.That(
            () => OpenStream().WithHeader("content-type", "text/plain"),
            Throws.ArgumentException.With.Message.Contains("WithContentType"));
        Assert.That(
            () => OpenStream().WithHeader("X-Odd", "a\nb"),
            Throws.ArgumentException.With.Property("ParamName").EqualTo("value"));
        Assert.That(() => OpenStream().WithStatus((HttpStatusCode)1000), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => OpenStream().WithStatus(HttpStatusCode.EarlyHints),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => ExpectedConnection(Zero, closed: Zero), Throws.ArgumentException);
        Assert.That(() => ExpectedConnection(Zero, by: SseClosedBy.Client), Throws.ArgumentException);
        Assert.That(() => OpenStream().Send(Zero, (string)null!), Throws.ArgumentNullException);
        Assert.That(() => OpenStream().Event(Zero, (SseEvent)null!), Throws.ArgumentNullException);
        Assert.That(() => OpenStream().Event(Zero, (string)null!), Throws.ArgumentNullException);
        Assert.That(() => OpenStream().Comment(Zero, null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Server_Nonsense_IsRefused()
    {
        var server = new SseTestServer(_scheduler);

        Assert.That(() => new SseTestServer(null!), Throws.ArgumentNullException);
        Assert.That(
            () => new SseTestServer(Scheduler.Immediate),
            Throws.ArgumentException.With.Message.Contains("ImmediateScheduler has no virtual time"));
        Assert.That(() => new SseTestServer(Scheduler.CurrentThread), Throws.ArgumentException);
        Assert.That(() => new SseTestServer(Scheduler.Default), Throws.ArgumentException);
        Assert.That(() => new SseTestServer(TaskPoolScheduler.Default), Throws.ArgumentException);
        Assert.That(() => new SseTestServer(_scheduler, null!), Throws.ArgumentNullException);
        Assert.That(() => new SseTestServer(_scheduler, OpenStream(), null!), Throws.ArgumentNullException);
        Assert.That(
            () => server.On("prices"), Throws.ArgumentException.With.Message.Contains("'prices' is not a path"));
        Assert.That(() => server.On("/prices?x=1"), Throws.ArgumentException);
        Assert.That(() => server.On("/prices#x"), Throws.ArgumentException);
        Assert.That(() => server.On(null!), Throws.ArgumentNullException);
        Assert.That(() => server.Otherwise((SseScript)null!), Throws.ArgumentNullException);
        Assert.That(() => server.Otherwise((Func<SseTestRequest, SseScript>)null!), Throws.ArgumentNullException);
    }

    [Test]
    public void Request_NoScriptLeft_FailsTheSchedulerAndTheRequest()
    {
        var server = new SseTestServer(_scheduler, OpenStream().Reset(FromSeconds(1)));
        ITestableObserver<SseEvent> observer = _scheduler.CreateObserver<SseEvent>();
        const string Message = "No script is left for request 2, GET http://localhost/prices at 00:00:04. "
            + "Give the server one more connection, or say with Otherwise what it does on every further one.";

        Observable.FromSse(
            server.CreateClient(), "/prices", new SseOptions { Reconnection = Story.WithoutJitter }, _scheduler)
            .Subscribe(observer);

        Assert.That(_scheduler.Start, Throws.TypeOf<SseScriptException>().With.Message.EqualTo(Message));
        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(4).Ticks).Within(1));
        Assert.That(
            observer.Messages.Single().Value.Exception,
            Is.TypeOf<SseRequestException>().With.InnerException.Message.EqualTo(Message));
        Assert.That(() => server.Requests, Throws.TypeOf<SseScriptException>());
        Assert.That(() => server.Connections, Throws.TypeOf<SseScriptException>());
        Assert.That(() => server.OpenConnectionCount, Throws.TypeOf<SseScriptException>());
    }

    [Test]
    public void Request_NoScriptLeftAndErrorsAreSwallowed_ThrowsFromTheScheduler()
    {
        var server = new SseTestServer(_scheduler, OpenStream().Reset(FromSeconds(1)));

        Observable
            .FromSse(server.CreateClient(), "/", new SseOptions { Reconnection = Story.WithoutJitter }, _scheduler)
            .OnErrorResumeNext(Observable.Never<SseEvent>()).Subscribe();

        Assert.That(_scheduler.Start, Throws.TypeOf<SseScriptException>());
    }

    [Test]
    public void Request_PathThatWasNeverScripted_IsNamed()
    {
        SseTestServer server = new SseTestServer(_scheduler).On("/a", OpenStream());

        Observable.FromSse(server.CreateClient(), "/b", null, _scheduler).Subscribe(_ => { }, _ => { });

        Assert.That(
            _scheduler.Start,
            Throws.TypeOf<SseScriptException>()
                .With.Message.Contains("GET http://localhost/b")
                .And.Message.Contains("separate scripts: /a."));
    }

    [Test]
    public void Request_BodyThatIsNotThere_IsAFault()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        SseRequest request = SseRequest.Post("/", () => new LateContent());

        Observable.FromSse(server.CreateClient(), request, null, _scheduler).Subscribe(_ => { }, _ => { });

        Assert.That(_scheduler.Start, Throws.TypeOf<SseScriptException>().With.Message.Contains("LateContent"));
    }

    [Test]
    public void Request_UnderATaskScheduler_IsAFault()
    {
        var server = new SseTestServer(_scheduler, OpenStream());
        using HttpClient client = server.CreateClient();

        Task.Factory.StartNew(
            () => Observable.FromSse(client, "/", null, _scheduler).Subscribe(_ => { }, _ => { }),
            CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair()
                .ExclusiveScheduler).Wait();

        Assert.That(_scheduler.Start, Throws.TypeOf<SseScriptException>().With.Message.Contains("task scheduler"));
    }

    [Test]
    public void Request_RuleThatFails_IsNamed([Values] bool returnsNull)
    {
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(_ =>
            returnsNull ? null! : throw new FormatException("my mistake"));

        Observable.FromSse(server.CreateClient(), "/", null, _scheduler).Subscribe(_ => { }, _ => { });

        Assert.That(
            _scheduler.Start,
            Throws.TypeOf<SseScriptException>().With.Message.Contains(returnsNull ? "returned null" : "my mistake"));
    }

    /// <summary>Content whose bytes are not available yet.</summary>
    private sealed class LateContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            new TaskCompletionSource().Task;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
