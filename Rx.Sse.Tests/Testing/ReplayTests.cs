using System.Net.Sockets;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Microsoft.Reactive.Testing.ReactiveTest;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>Replays recordings that were edited, cut off or damaged.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ReplayTests
{
    private const string Recording = """
        rx-sse-recording 1

        # What the server did on Tuesday.
        00:00:10 request 1 GET https://api.test/prices
        00:00:10.5 response 1 200
          Content-Type: text/event-stream

        00:00:11.0000001 bytes 1
          "id: 1\n"
          # Both lines came at once.
          "data: \xC3\xBCber\n\n"
        00:00:12 error 1
          IOException "gone"

        """;

    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Recording_EditedByHand_PlaysToTheTick()
    {
        ITestableObserver<SseEvent> observer = Follow(Replay(Recording).Otherwise(NeverAnswer()));

        observer.Messages.AssertEqual(
            OnNext(FromSeconds(1).Ticks + 1, new SseEvent { Data = "über", Id = "1", LastEventId = "1" }));
    }

    [TestCase("\r\n")]
    [TestCase("\n")]
    public void Recording_LineEndsOfAnySystem_Plays(string lineEnd)
    {
        string text = Recording.ReplaceLineEndings(lineEnd).Replace("  ", "\t");

        ITestableObserver<SseEvent> observer = Follow(Replay(text).Otherwise(NeverAnswer()));

        Assert.That(observer.Messages.Select(message => message.Value.Value.Data), Is.EqualTo(new[] { "über" }));
    }

    /// <summary>A crash or a full disk can cut a recording anywhere. An editor can cut it between records.</summary>
    [Test]
    public void Recording_CutOffAnywhere_PlaysUpToThere()
    {
        string text = Recording.ReplaceLineEndings("\n");
        int header = text.IndexOf('\n') + 1, whole = text.IndexOf(@"\n\n""", StringComparison.Ordinal) + 5;
        for (int length = header; length <= text.Length; length++)
        {
            var scheduler = new TestScheduler();
            SseTestServer server = SseTestServer.Replay(new StringReader(text[..length]), scheduler)
                .Otherwise(NeverAnswer());
            ITestableObserver<SseEvent> observer = scheduler.CreateObserver<SseEvent>();

            Observable.FromSse(server.CreateClient(), "/", null, scheduler).Subscribe(observer);
            scheduler.AdvanceTo(FromMinutes(1).Ticks);

            int events = observer.Messages.Count(message => message.Value.Kind == NotificationKind.OnNext);
            Assert.That(events, Is.EqualTo(length < whole ? 0 : 1), text[..length]);
        }
    }

    [TestCase("", 1, "This is not a recording")]
    [TestCase("<html>", 1, "This is not a recording")]
    [TestCase("rx-sse-recording", 1, "This is not a recording")]
    [TestCase("rx-sse-recording x", 1, "This is not a recording")]
    [TestCase("rx-sse-recording 99999999999", 1, "its format has version 99999999999")]
    [TestCase("rx-sse-recording 1 2026-13-45T10:00:00Z\n", 1, "'2026-13-45T10:00:00Z' is not the time of its start")]
    [TestCase("rx-sse-recording 1\n00:00:05 request 1 GET http://a/\n 00:00:06 end 1\n", 3, "a record is not indented")]
    [TestCase("rx-sse-recording 1\n00:00:05 request 1 GET http://a/\n  foo bar: x\n", 2, "NAME: VALUE")]
    [TestCase("rx-sse-recording 1\n400000.00:00:00 request 1 GET http://a/\n", 2, "is not a time")]
    [TestCase("rx-sse-recording 1\n0:1 request 1 GET http://a/\n", 2, "'0:1' is not a time")]
    [TestCase("rx-sse-recording 2 2030-01-01", 1, "its format has version 2, and this Rx.Sse.Testing reads version 1")]
    [TestCase("rx-sse-recording 1\n5 request 1 GET http://a/\n", 2, "'5' is not a time")]
    [TestCase("rx-sse-recording 1\n-00:00:05 request 1 GET http://a/\n", 2, "'-00:00:05' is not a time")]
    [TestCase("rx-sse-recording 1\n00:00:05 asks 1 GET http://a/\n", 2, "a record has one of request, response")]
    [TestCase("rx-sse-recording 1\n00:00:05 request\n", 2, "a record has one of request, response")]
    [TestCase("rx-sse-recording 1\n00:00:05 request one GET http://a/\n", 2, "'one' is not the number of a request")]
    [TestCase("rx-sse-recording 1\n00:00:05 request 1 GET\n", 2, "a method and an address")]
    [TestCase("rx-sse-recording 1\n00:00:05 request 1 GET /a\n", 2, "a method and an address")]
    [TestCase("rx-sse-recording 1\n00:00:05 response 1 200\n", 2, "there is no request with this number")]
    [TestCase("rx-sse-recording 1\n  indented\n", 2, "'indented' is not a time")]
    public void Recording_Damaged_NamesTheLine(string text, int line, string message) =>
        AssertDamaged(text, line, message);

    [TestCase("00:00:00 request 1 GET http://a/", "another request has the same number")]
    [TestCase("00:00:00 response 1 OK", "'OK' is not a status")]
    [TestCase("00:00:00 response 1 99", "'99' is not a status")]
    [TestCase("00:00:00 response 1 200 there", "'there' is not an address")]
    [TestCase("00:00:00 response 1 200\n  Content-Type", "'Content-Type' is not of the form NAME: VALUE")]
    [TestCase("00:00:00 bytes 1\n  \"a\"", "its connection has no response")]
    [TestCase("00:00:00 end 1", "its connection has no response")]
    [TestCase("00:00:00 error 1\n  IOException gone", "its exception is not of the form")]
    [TestCase("00:00:00 error 1\n  Whatever \"gone\"", "its exception is not of the form")]
    public void Record_AfterARequest_IsChecked(string record, string message) =>
        AssertDamaged($"rx-sse-recording 1\n00:00:00 request 1 GET http://a/\n{record}\n", 3, message);

    [TestCase("00:00:01 bytes 1 \"a\"", "'\"a\"' follows in its line")]
    [TestCase("00:00:01 error 1 TimeoutException", "'TimeoutException' follows in its line")]
    [TestCase("00:00:01 end 1\n  \"a\"", "it has no lines below")]
    [TestCase("00:00:01 bytes 1\n  data", "data is not a quoted text")]
    [TestCase("00:00:01 bytes 1\n  \"data", "\"data is not a quoted text")]
    [TestCase("00:00:01 bytes 1\n  \"a\"b\"", "is not a quoted text")]
    [TestCase("00:00:01 bytes 1\n  \"\\q\"", "is not a quoted text")]
    [TestCase("00:00:01 bytes 1\n  \"\\x4\"", "is not a quoted text")]
    [TestCase("00:00:01 bytes 1\n  \"\\\"", "is not a quoted text")]
    [TestCase("00:00:00.5 bytes 1\n  \"a\"", "its time is before 00:00:01")]
    [TestCase("00:00:01 response 1 200", "its connection already has a response")]
    [TestCase("00:00:01 end 1\n00:00:02 end 1", "its connection has already ended", 5)]
    [TestCase("00:00:01 leave 1\n00:00:02 bytes 1", "its connection has already ended", 5)]
    public void Record_AfterAResponse_IsChecked(string record, string message, int line = 4)
    {
        const string Begin = "rx-sse-recording 1\n00:00:00 request 1 GET http://a/\n00:00:01 response 1 200\n";
        AssertDamaged(Begin + record + "\n", line, message);
    }

    [TestCase("25:00:00", 25)]
    [TestCase("1.01:00:00", 25)]
    [TestCase("48:30:00.5", 48)]
    public void Time_OfMoreThanADay_IsInHours(string time, int hours)
    {
        SseTestServer server = Replay(
            "rx-sse-recording 1\n00:00:00 request 1 GET http://a/\n"
            + $"{time} response 1 200\n  Content-Type: text/event-stream\n");

        Observable.FromSse(server.CreateClient(), "/", null, _scheduler).Subscribe();
        _scheduler.AdvanceTo(FromHours(hours + 0.9).Ticks);

        Assert.That(server.Connections.Single().Opened?.TotalHours, Is.EqualTo(hours).Within(0.6));
    }

    /// <summary>A number or an address that was cut off would be read as a different one.</summary>
    [TestCase("00:00:02 end 1")]
    [TestCase("00:00:02 error 1")]
    [TestCase("00:00:02 request 2 GET http://a/pri")]
    public void LastLine_WithoutALineEnd_DoesNotCount(string line)
    {
        SseTestServer server = Replay(
            "rx-sse-recording 1\n00:00:00 request 1 GET http://a/prices\n"
            + $"00:00:00 response 1 200\n  Content-Type: text/event-stream\n{line}");

        Observable.FromSse(server.CreateClient(), "/", null, _scheduler).Subscribe();
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(server.OpenConnectionCount, Is.EqualTo(1));
        Assert.That(server.UnservedScripts, Is.Empty);
    }

    [Test]
    public void Requests_ToSeveralPaths_HaveSeparateConnections()
    {
        SseTestServer server = Replay("""
            rx-sse-recording 1
            00:00:00 request 1 GET http://a/one
            00:00:00 request 2 GET http://a/two
            00:00:00 response 1 204
            00:00:00 response 2 404
            00:00:00 end 1
            00:00:00 end 2

            """);
        List<Exception> errors = [];

        foreach (string path in new[] { "/two", "/one" })
            Observable.FromSse(server.CreateClient(), path, null, _scheduler).Subscribe(_ => { }, errors.Add);
        _scheduler.Start();

        Assert.That(
            errors.Cast<SseResponseException>().Select(error => (int)error.StatusCode), Is.EqualTo(new[] { 404 }));
        Assert.That(server.UnservedScripts, Is.Empty);
    }

    /// <summary>The date in <c>Retry-After</c> and the time of the response are both in the recording's time.</summary>
    [Test]
    public void RetryAfter_WithADate_IsMeasuredByTheRecording()
    {
        SseTestServer server = Replay("""
            rx-sse-recording 1 2026-11-29T10:00:00Z
            00:00:05 request 1 GET http://a/
            00:00:05 response 1 503
              Retry-After: Sun, 29 Nov 2026 10:00:25 GMT
            00:00:05 end 1
            00:00:25 request 2 GET http://a/

            """);
        var options = new SseOptions { Reconnection = Story.WithoutJitter };

        Observable.FromSse(server.CreateClient(), "/", options, _scheduler).Subscribe();
        _scheduler.Start();

        server.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(20)));
    }

    [Test]
    public void File_IsRead()
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "recording.txt");
        File.WriteAllText(path, Recording);

        SseTestServer server = SseTestServer.Replay(path, _scheduler);

        Assert.That(server.UnservedScripts, Has.Count.EqualTo(1));
        Assert.That(() => SseTestServer.Replay(path, Scheduler.Default), Throws.ArgumentException);
        Assert.That(() => SseTestServer.Replay(path + "x", _scheduler), Throws.TypeOf<FileNotFoundException>());
    }

    [TestCase("", 0)]
    [TestCase("00:00:01 response 1 200\n  Content-Type: text/event-stream\n", 1)]
    public void Error_WithoutAnException_IsAReset(string response, int opened)
    {
        SseTestServer server = Replay(
            $"rx-sse-recording 1\n00:00:00 request 1 GET http://a/\n{response}00:00:02 error 1\n");
        List<SseSignal> signals = [];

        Observable.FromSseSignals(server.Otherwise(NeverAnswer()).CreateClient(), "/", null, _scheduler)
            .Subscribe(signals.Add);
        _scheduler.AdvanceTo(FromSeconds(3).Ticks);

        Assert.That(signals.OfType<SseOpened>().Count(), Is.EqualTo(opened));
        Assert.That(
            signals.OfType<SseDisconnected>().Single().Reason.GetBaseException(),
            Is.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    private static void AssertDamaged(string text, int line, string message)
    {
        SseRecordingException error = Assert.Throws<SseRecordingException>(
            () => SseTestServer.Replay(new StringReader(text), new TestScheduler()))!;

        Assert.That(error.Line, Is.EqualTo(line));
        Assert.That(error.Message, Does.StartWith($"Line {line} of the recording: ").And.Contain(message));
    }

    private SseTestServer Replay(string text) => SseTestServer.Replay(new StringReader(text), _scheduler);

    private ITestableObserver<SseEvent> Follow(SseTestServer server)
    {
        ITestableObserver<SseEvent> observer = _scheduler.CreateObserver<SseEvent>();
        Observable.FromSse(server.CreateClient(), "/", null, _scheduler).Subscribe(observer);
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);
        return observer;
    }
}
