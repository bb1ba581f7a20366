using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Tests.Scripted;

namespace Rx.Sse.Tests;

/// <summary>Everything that happens on a stream, in order.</summary>
internal sealed class SignalTests
{
    private static readonly SseOptions Options = new() { Reconnection = Story.WithoutJitter };

    private static readonly Uri Address = new(Story.Url);

    private static SseConnecting Connecting { get; } = new() { Address = Address };

    private static SseOpened Opened { get; } = new() { Address = Address };

    [Test]
    public void FromSseSignals_WholeLife_IsToldInOrder()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            60,
            Options,
            Answer.Refused.After(1),
            Answer.Stream.After(1).Sends(1, ": hi\nid: 7\ndata: a\n\n").Sends(2, ":\n\ndata: b\n\n").Breaks(3),
            Answer.Response(503),
            Answer.Stream.Sends(0, "data: c\n\n").Ends(1),
            Answer.Response(204));

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
            new SseOptions { Reconnection = Story.Reconnect(o => o.MaxRetryAttempts = 1) },
            Answer.Stream.Sends(0, "data: a\n\n").Breaks(1),
            Answer.Refused);

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
        List<(double Time, object Signal)> seen = Story.SignalsUntil(2, Options, Answer.Stream.With("X-Request", "1").Sends(1, ":a\ndata: b\n\n"));

        Assert.That(seen, Is.EqualTo(new (double, object)[]
        {
            (0, Connecting), (0, Opened), (1, new SseComment { Text = "a" }), (1, new SseEvent { Data = "b" }),
        }));
        Assert.That(((SseOpened)seen[1].Signal).Headers!.GetValues("X-Request"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public void FromSseSignals_StrategyOfOnesOwn_IsToldBeforeTheAttempt()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            20,
            new SseOptions
            {
                Reconnection = builder => builder.AddRetry(new() { Delay = TimeSpan.FromSeconds(2), ShouldHandle = args => new(args.Outcome.Exception is not null) }),
            },
            Answer.Stream.Breaks(1),
            Answer.Refused,
            Answer.Stream);

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
    public void FromSseSignals_ViewModel_CanSayWhatGoesOn()
    {
        List<string> lines = [.. Story
            .SignalsUntil(4, Options, Answer.Stream.Breaks(1), Answer.Refused, Answer.Stream)
            .Select(seen => seen.Signal)
            .OfType<SseDisconnected>()
            .Select(d => $"reconnecting in {d.Delay!.Value.TotalSeconds} s, attempt {d.Attempt}, because {d.Reason.Message}")];

        Assert.That(lines, Is.EqualTo(new[]
        {
            "reconnecting in 3 s, attempt 1, because The connection failed: Connection reset by peer",
            "reconnecting in 6 s, attempt 2, because The connection failed: Connection refused",
        }));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void FromSseSignals_ObserverThrowsAtAnySignal_ComesOutOfTheSchedulerAndEndsEverything(int signal)
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Answer.Stream.After(1).Sends(1, ":a\ndata: b\n\n").Breaks(2));
        using var client = new HttpClient(server);
        int seen = 0;
        using IDisposable subscription = Observable.FromSseSignals(client, Story.Url, Options, scheduler).Subscribe(_ =>
        {
            if (++seen == signal)
                throw new IOException("mine");
        });

        Assert.That(() => scheduler.AdvanceTo(TimeSpan.FromMinutes(1).Ticks), Throws.TypeOf<IOException>().With.Message.EqualTo("mine"));

        // The exception left the scheduler in the state of running.
        scheduler.Stop();
        scheduler.AdvanceTo(TimeSpan.FromMinutes(2).Ticks);
        Assert.That(seen, Is.EqualTo(signal));
        Assert.That(server.Requests, Has.Count.EqualTo(signal == 1 ? 0 : 1));
        Assert.That(server.Open, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void FromSseSignals_DisposedAtAnySignal_DeliversNoMore(int count)
    {
        var scheduler = new TestScheduler();
        var server = new ScriptedServer(scheduler, Answer.Stream.After(1).Sends(1, ":a\ndata: b\n\n").Breaks(2));
        using var client = new HttpClient(server);
        var seen = new List<SseSignal>();

        using IDisposable subscription = Observable.FromSseSignals(client, Story.Url, Options, scheduler).Take(count).Subscribe(seen.Add);
        scheduler.AdvanceTo(TimeSpan.FromSeconds(3.5).Ticks);
        server.ForgetScript();
        scheduler.Start();

        Assert.That(seen, Has.Count.EqualTo(count));
        Assert.That(scheduler.Clock, Is.EqualTo(TimeSpan.FromSeconds(3.5).Ticks), "nothing is scheduled");
        Assert.That(server.Open, Is.Zero);
    }

    private static string Describe((double Time, object Signal) seen) => $"{seen.Time} " + seen.Signal switch
    {
        SseConnecting connecting => $"connecting '{connecting.LastEventId}'",
        SseOpened opened => $"opened {opened.StatusCode}",
        SseComment comment => $"comment '{comment.Text}'",
        SseEvent e => $"event {e.Data}",
        SseDisconnected disconnected =>
            $"disconnected {disconnected.Reason.GetType().Name}, attempt {disconnected.Attempt} in {(object?)disconnected.Delay?.TotalSeconds ?? "?"}",
        Exception error => error.GetType().Name,
        object other => $"{other}",
    };
}
