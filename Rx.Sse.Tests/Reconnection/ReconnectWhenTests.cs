using System.Net;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Reconnection;

/// <summary><c>SseOptions.ReconnectWhen</c>, in virtual time.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReconnectWhenTests : ReconnectWhenFixture
{
    [Test]
    public void Signal_WhileWaiting_EndsTheWaitAndTheRun()
    {
        Story story = Begin(Refuse(), Refuse(), Refuse(), Open);

        Signal(story, 1, 2);
        story.Until(60);

        // The third failure is the first of a new run.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 2, 5 }));
    }

    [Test]
    public void Signal_WhileARetryAfterRuns_ActsAtItsEnd()
    {
        Story story = Begin(
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "20")]),
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "2")]),
            Open);

        Signal(story, 1, 20.5);
        story.Until(60);

        // The second delay is the default 3 s. The signal ends it after the 2 s of the Retry-After.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 20, 22 }));
    }

    [Test]
    public void Signal_WhileConnecting_IsRememberedForTheFailure()
    {
        Story story = Begin(Refuse(FromSeconds(2)), Refuse(FromSeconds(2)), Open);

        Signal(story, 1);
        story.Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 2, 7 }));
    }

    [Test]
    public void Signal_WhileAnAttemptSucceeds_IsFulfilled()
    {
        Story story = Begin(OpenStream(FromSeconds(2)), Open);

        Signal(story, 1);
        story.Until(60);

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Signal_BeforeAFinalFailure_DoesNotReviveTheStream()
    {
        Story story = Begin(Respond(HttpStatusCode.NotFound, time: FromSeconds(2)), Open);

        Signal(story, 1, 3);
        story.Until(60);

        Assert.That(story.Server.Requests, Has.Count.EqualTo(1));
        Assert.That(story.Error, Is.TypeOf<SseResponseException>());
    }

    [Test]
    public void Signal_WhileOpen_DropsTheConnectionWithoutAskingThePolicy()
    {
        Story story = Begin(
            Options with
            {
                Reconnection = SseReconnection.Default with { ShouldHandle = _ => throw new FormatException() },
            },
            Open,
            OpenStream().Event(FromSeconds(1), "b"));

        Signal(story, 5);
        story.Until(60);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 5 }));
        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "", "1" }));
        Assert.That(story.Events, Is.EqualTo(new[] { (0.0, "a"), (6.0, "b") }));
        Assert.That(story.Server.OpenConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public void Signal_WhileOpen_IsReportedWithItsReason()
    {
        List<string> seen = [];
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Open, Refuse(), Open);
        using HttpClient client = server.CreateClient();
        using IDisposable subscription = Observable.FromSseSignals(client, Story.Path, Options, scheduler)
            .OfType<SseDisconnected>()
            .Subscribe(d => seen.Add($"{d.Reason.GetType().Name} {d.Delay?.TotalSeconds} {d.Attempt}"));

        scheduler.AdvanceTo(FromSeconds(5).Ticks);
        Signals.OnNext(Unit.Default);
        scheduler.AdvanceTo(FromSeconds(60).Ticks);

        Assert.That(seen, Is.EqualTo(new[] { "SseReconnectRequestedException 0 1", "SseConnectionException 3 1" }));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public void Signal_Storm_ConnectsAtMostEvery100Milliseconds()
    {
        Story story = Begin(Open);
        for (int i = 1; i <= 100; i++)
            story.Scheduler.Schedule(FromMilliseconds(1000 + i), () => Signals.OnNext(Unit.Default));

        story.Until(60);

        // One signal acts at once, and the later ones are deferred. The last one, at 1.100, acts at 1.101.
        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1.001, 1.101 }));
    }

    [Test]
    public void Signal_WithinTheInterval_IsDeferredAndNotLost()
    {
        Story story = Begin(Refuse());

        Signal(story, 1, 1.05);
        story.Until(3);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 1.1 }));
    }

    [Test]
    public void Signal_FromWithinOnNext_ReconnectsAfterTheChunk()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler, OpenStream().Send(FromSeconds(1), "data: a\n\ndata: b\n\n"), Open);
        using HttpClient client = server.CreateClient();
        List<string> received = [];
        using IDisposable subscription = Observable.FromSse(client, Story.Path, Options, scheduler).Subscribe(e =>
        {
            received.Add(e.Data);
            if (received.Count == 1)
                Signals.OnNext(Unit.Default);
        });

        scheduler.AdvanceTo(FromSeconds(60).Ticks);

        Assert.That(received, Is.EqualTo(new[] { "a", "b", "a" }));
        Assert.That(server.Requests.Select(request => request.Time.TotalSeconds), Is.EqualTo(new[] { 0.0, 1 }));
    }

    [Test]
    public void Signal_FromWithinADisconnected_SkipsTheWait()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(scheduler, Refuse(), Open);
        using HttpClient client = server.CreateClient();
        using IDisposable subscription = Observable.FromSseSignals(client, Story.Path, Options, scheduler)
            .OfType<SseDisconnected>()
            .Subscribe(_ => Signals.OnNext(Unit.Default));

        scheduler.AdvanceTo(FromSeconds(60).Ticks);

        Assert.That(server.Requests.Select(request => request.Time), Is.All.EqualTo(Zero).And.Exactly(2).Items);
    }

    [Test]
    public void Signal_OfAnUnsafeRequest_ReconnectsOnlyIfItMayAlwaysBeSent([Values] SseResend resend)
    {
        Story story = Story.Begin(
            SseRequest.Post(Story.Path, () => new StringContent("{}")),
            Options with { Resend = resend },
            Open,
            Open);

        Signal(story, 1);
        story.Until(60);

        Assert.That(story.Server.Requests, Has.Count.EqualTo(resend == SseResend.Always ? 2 : 1));
        Assert.That(story.Observer.Messages, Has.Count.EqualTo(story.Server.Requests.Count), "the stream goes on");
    }

    [Test]
    public void Signal_WhileAPostConnects_DoesNotDelayItsEnd()
    {
        Story story = Story.Begin(
            SseRequest.Post(Story.Path, () => new StringContent("{}")),
            Options,
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "60")], time: FromSeconds(2)),
            Open);

        Signal(story, 1);
        story.ToTheEnd();

        Assert.That(story.Error, Is.TypeOf<SseResponseException>());
        Assert.That(story.EndTime, Is.EqualTo(2));
    }

    [Test]
    public void Signal_BeforeAHugeRetryAfter_WaitsAsLongAsTimersReach()
    {
        Story story = Begin(
            Respond(HttpStatusCode.ServiceUnavailable, headers: [("Retry-After", "99999999")], time: FromSeconds(2)),
            Open);

        Signal(story, 1);
        story.Until(3_000_000);

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 2 + int.MaxValue / 1000.0 }));
    }

    [Test]
    public void Signal_PostThatIsResumedByGet_SendsTheGet()
    {
        Story story = Story.Begin(
            SseRequest.Create(attempt =>
                new HttpRequestMessage(attempt.ConnectionCount == 0 ? HttpMethod.Post : HttpMethod.Get, Story.Address)),
            Options,
            Open,
            Open);

        Signal(story, 1);
        story.Until(60);

        Assert.That(
            story.Server.Requests.Select(request => request.Method),
            Is.EqualTo(new[] { HttpMethod.Post, HttpMethod.Get }));
    }

    [Test]
    public void Signal_TellsTheFactory_ThatThereWasNoFailure()
    {
        List<SseAttempt> attempts = [];
        Story story = Story.Begin(
            SseRequest.Create(attempt =>
            {
                attempts.Add(attempt);
                return new HttpRequestMessage(HttpMethod.Get, Story.Address);
            }),
            Options,
            Refuse(),
            Open,
            Open);

        Signal(story, 1, 2);
        story.Until(60);

        Assert.That(attempts, Is.EqualTo(new SseAttempt[]
        {
            new(),
            new(),
            new() { ConnectionCount = 1, LastEventId = "1" },
        }));
    }

    [Test]
    public void Signal_AfterTheEnd_DoesNothing()
    {
        Story story = Begin(Respond(HttpStatusCode.NoContent), Open);
        story.Until(1);

        Assert.That(() => Signals.OnNext(Unit.Default), Throws.Nothing);
        Assert.That(story.Until(60).Server.Requests, Has.Count.EqualTo(1));
    }

    /// <summary>The limit counts the failures of a run, and a signal starts a new run.</summary>
    [Test]
    public void Signal_BeforeTheLimit_StartsTheRunAgain()
    {
        Story story = Begin(
            Options with { Reconnection = Story.WithoutJitter with { MaxRetryAttempts = 1 } }, Refuse());

        Signal(story, 1);
        story.ToTheEnd();

        Assert.That(story.RequestTimes, Is.EqualTo(new[] { 0.0, 1, 4 }));
    }
}
