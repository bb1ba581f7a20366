using System.Net;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests;

/// <summary>All signals of a stream, in order.</summary>
internal sealed class SignalTests
{
    private static readonly SseOptions Options = new() { Reconnection = Story.WithoutJitter };

    private static readonly Uri Address = Story.Address;

    private static SseConnecting Connecting { get; } = new() { Address = Address };

    private static SseOpened Opened { get; } = new() { Address = Address };

    [Test]
    public void FromSseSignals_WholeLife_IsReportedInOrder()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            60,
            Options,
            Refuse(FromSeconds(1)),
            OpenStream(FromSeconds(1))
                .Send(FromSeconds(2), ": hi\nid: 7\ndata: a\n\n")
                .Send(FromSeconds(3), ":\n\ndata: b\n\n")
                .Reset(FromSeconds(4)),
            Respond(HttpStatusCode.ServiceUnavailable),
            OpenStream().Event(Zero, "c").Close(FromSeconds(1)),
            Respond(HttpStatusCode.NoContent));

        Assert.That(seen.Select(Describe), Is.EqualTo(new[]
        {
            "0 connecting ''",
            "1 disconnected SseConnectionException, attempt 1 in 3",
            "4 connecting ''",
            "5 opened OK",
            "6 comment ' hi'",
            "6 event a",
            "7 comment ''",
            "7 event b",
            "8 disconnected SseConnectionException, attempt 1 in 3",
            "11 connecting '7'",
            "11 disconnected SseResponseException, attempt 2 in 6",
            "17 connecting '7'",
            "17 opened OK",
            "17 event c",
            "18 disconnected SseEndOfStreamException, attempt 1 in 3",
            "21 connecting '7'",
            "21 completed",
        }));
    }

    [Test]
    public void FromSseSignals_GivesUp_EndsWithTheErrorAlone()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            60,
            new SseOptions { Reconnection = Story.WithoutJitter with { MaxRetryAttempts = 1 } },
            OpenStream().Event(Zero, "a").Reset(FromSeconds(1)),
            Refuse());

        Assert.That(seen.Select(Describe), Is.EqualTo(new[]
        {
            "0 connecting ''",
            "0 opened OK",
            "0 event a",
            "1 disconnected SseConnectionException, attempt 1 in 3",
            "4 connecting ''",
            "4 SseConnectionException",
        }));
    }

    [Test]
    public void FromSseSignals_AreComparedByValue()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            2, Options, OpenStream().WithHeader("X-Request", "1").Send(FromSeconds(1), ":a\ndata: b\n\n"));

        Assert.That(seen, Is.EqualTo(new (double, object)[]
        {
            (0, Connecting), (0, Opened), (1, new SseComment { Text = "a" }), (1, new SseEvent { Data = "b" }),
        }));
        Assert.That(((SseOpened)seen[1].Signal).Headers!.GetValues("X-Request"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public void SseDisconnected_ReasonsOfTheSameTypeAndWords_AreEqual()
    {
        SseDisconnected Lost(SseException reason) => new() { Reason = reason, Delay = FromSeconds(3), Attempt = 1 };
        SseDisconnected lost = Lost(new SseConnectionException("why", new IOException()));

        Assert.That(Lost(new SseConnectionException("why", new HttpRequestException())), Is.EqualTo(lost));
        Assert.That(
            Lost(new SseConnectionException("why", new IOException())).GetHashCode(), Is.EqualTo(lost.GetHashCode()));
        Assert.That(Lost(new SseConnectionException("why not", new IOException())), Is.Not.EqualTo(lost));
        Assert.That(Lost(new SseRequestException("why")), Is.Not.EqualTo(lost));
        Assert.That(lost with { Delay = null }, Is.Not.EqualTo(lost));
        Assert.That(lost with { Attempt = 2 }, Is.Not.EqualTo(lost));
    }

    [Test]
    public void SseDisconnected_WithoutReason_CanBeComparedAndPrinted()
    {
        var lost = new SseDisconnected { Reason = null!, Attempt = 1 };

        Assert.That(
            lost with { }, Is.EqualTo(lost).And.Not.EqualTo(lost with { Reason = new SseEndOfStreamException() }));
        Assert.That(lost with { Reason = new SseEndOfStreamException() }, Is.Not.EqualTo(lost));
        Assert.That((lost with { }).GetHashCode(), Is.EqualTo(lost.GetHashCode()));
        Assert.That(lost.ToString(), Is.EqualTo("SseDisconnected { Reason = : , Delay = ?, Attempt = 1 }"));
    }

    [Test]
    public void SseOpened_SameStatusAndAddress_AreEqual()
    {
        SseOpened opened = Opened, nowhere = new();

        Assert.That(opened with { Headers = new HttpResponseMessage().Headers }, Is.EqualTo(opened));
        Assert.That((opened with { }).GetHashCode(), Is.EqualTo(opened.GetHashCode()));
        Assert.That((nowhere with { }).GetHashCode(), Is.EqualTo(nowhere.GetHashCode()));
        Assert.That(opened with { StatusCode = HttpStatusCode.Accepted }, Is.Not.EqualTo(opened));
        Assert.That(nowhere, Is.Not.EqualTo(opened).And.Not.Null);
    }

    [Test]
    public void SseSignal_ToString_SaysWhatHappenedInALineWithoutSecrets()
    {
        Exception thrown = Assert.Catch(() => throw new SseConnectionException("why", new IOException()))!;
        var response = new HttpResponseMessage();
        response.Headers.Add("Set-Cookie", "secret");

        Assert.That(
            new SseDisconnected { Reason = (SseException)thrown, Delay = FromSeconds(3), Attempt = 1 }.ToString(),
            Is.EqualTo("SseDisconnected { Reason = SseConnectionException: why, Delay = 00:00:03, Attempt = 1 }"));
        Assert.That(
            new SseDisconnected { Reason = new SseEndOfStreamException() }.ToString(), Does.Contain("Delay = ?"));
        Assert.That(
            new SseOpened { Address = Address, Headers = response.Headers }.ToString(),
            Is.EqualTo("SseOpened { StatusCode = OK, Address = http://localhost/stream }"));
    }

    [Test]
    public void FromSseSignals_CustomRetryStrategy_IsReportedBeforeTheAttempt()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            20,
            new SseOptions
            {
                Reconnection = SseReconnection.Never with
                {
                    ConfigureOutage = builder => builder.AddRetry(new()
                    {
                        Delay = FromSeconds(2),
                        ShouldHandle = args => new(args.Outcome.Exception is not null),
                    }),
                },
            },
            OpenStream().Reset(FromSeconds(1)),
            Refuse(),
            OpenStream());

        Assert.That(seen.Select(Describe), Is.EqualTo(new[]
        {
            "0 connecting ''",
            "0 opened OK",
            "3 disconnected SseConnectionException, attempt 1 in ?",
            "3 connecting ''",
            "5 disconnected SseConnectionException, attempt 2 in ?",
            "5 connecting ''",
            "5 opened OK",
        }));
    }

    [Test]
    public void FromSseSignals_ViewModel_CanShowTheState()
    {
        List<string> lines = [.. Story
            .SignalsUntil(4, Options, OpenStream().Reset(FromSeconds(1)), Refuse(), OpenStream())
            .Select(seen => seen.Signal)
            .OfType<SseDisconnected>()
            .Select(d =>
                $"reconnecting in {d.Delay!.Value.TotalSeconds} s, attempt {d.Attempt}, because {d.Reason.Message}")];

        Assert.That(lines, Is.EqualTo(new[]
        {
            "reconnecting in 3 s, attempt 1, because The connection to http://localhost/stream was lost after 0 bytes "
                + "and 0 events: Connection reset by peer",
            "reconnecting in 6 s, attempt 2, because Could not connect to http://localhost/stream: Connection refused",
        }));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void FromSseSignals_ObserverThrows_SurfacesOnTheSchedulerAndEndsTheStream(int signal)
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler, OpenStream(FromSeconds(1)).Send(FromSeconds(2), ":a\ndata: b\n\n").Reset(FromSeconds(3)));
        using HttpClient client = server.CreateClient();
        int seen = 0;
        using IDisposable subscription = Observable.FromSseSignals(client, Story.Path, Options, scheduler)
            .Subscribe(_ =>
        {
            if (++seen == signal)
                throw new IOException("mine");
        });

        Assert.That(
            () => scheduler.AdvanceTo(FromMinutes(1).Ticks), Throws.TypeOf<IOException>().With.Message.EqualTo("mine"));

        // The exception left the scheduler in its running state.
        scheduler.Stop();
        scheduler.AdvanceTo(FromMinutes(2).Ticks);
        Assert.That(seen, Is.EqualTo(signal));
        Assert.That(server.Requests, Has.Count.EqualTo(signal == 1 ? 0 : 1));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void FromSseSignals_DisposedAtAnySignal_DeliversNoMore(int count)
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler, OpenStream(FromSeconds(1)).Send(FromSeconds(2), ":a\ndata: b\n\n").Reset(FromSeconds(3)));
        using HttpClient client = server.CreateClient();
        var seen = new List<SseSignal>();

        using IDisposable subscription =
            Observable.FromSseSignals(client, Story.Path, Options, scheduler).Take(count).Subscribe(seen.Add);
        scheduler.AdvanceTo(FromSeconds(3.5).Ticks);
        scheduler.Start();

        Assert.That(seen, Has.Count.EqualTo(count));
        Assert.That(scheduler.Clock, Is.EqualTo(FromSeconds(3.5).Ticks), "nothing is scheduled");
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    private static string Describe((double Time, object Signal) seen) => $"{seen.Time} " + seen.Signal switch
    {
        SseConnecting connecting => $"connecting '{connecting.LastEventId}'",
        SseOpened opened => $"opened {opened.StatusCode}",
        SseComment comment => $"comment '{comment.Text}'",
        SseEvent e => $"event {e.Data}",
        SseDisconnected disconnected =>
            $"disconnected {disconnected.Reason.GetType().Name}, attempt {disconnected.Attempt} in "
                + $"{(object?)disconnected.Delay?.TotalSeconds ?? "?"}",
        Exception error => error.GetType().Name,
        object other => $"{other}",
    };
}
