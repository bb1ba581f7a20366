using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>A day with a thousand outages of every kind, including jitter, is the same every time.</summary>
internal sealed class OutageDayTests
{
    private const int Outages = 1000;

    private static readonly SseScript[] Script = MakeScript();

    [Test]
    public void OutageDay_OnAnyRunAndScheduler_IsTheSameToTheTick()
    {
        Day first = ReplayOnTestScheduler();

        foreach (Day again in new[] { ReplayOnTestScheduler(), ReplayOnHistoricalScheduler() })
        {
            Assert.That(again.Signals, Is.EqualTo(first.Signals));
            Assert.That(again.Requests, Is.EqualTo(first.Requests));
            Assert.That(again.Connections, Is.EqualTo(first.Connections));
        }
    }

    [Test]
    public void OutageDay_EveryEvent_IsReceivedOnceOnTheOneThread()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(scheduler, Script);
        var received = new List<int>();
        var threads = new HashSet<int>();

        Subscribe(server, scheduler, signal =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            if (signal is SseEvent e)
                received.Add(int.Parse(e.Data, provider: null));
        });
        scheduler.AdvanceTo(FromDays(1).Ticks);

        Assert.That(server.Connections, Has.Count.EqualTo(Outages + 1));
        Assert.That(server.OpenConnectionCount, Is.EqualTo(1));
        Assert.That(received, Has.Count.GreaterThan(Outages / 4).And.Ordered);
        Assert.That(received, Is.Unique);
        Assert.That(server.Requests[^1].LastEventId, Is.EqualTo($"{received[^1]}"));
        Assert.That(threads, Is.EqualTo(new[] { Environment.CurrentManagedThreadId }));
    }

    /// <summary>
    /// Outages of every kind, from a fixed seed. The last connection is good, with a heartbeat for the rest of the day.
    /// </summary>
    private static SseScript[] MakeScript()
    {
        var random = new Random(1);
        SseResponseScript rest = Enumerable.Range(0, 24 * 60 * 60 / 20).Aggregate(
            OpenStream(), (script, i) => script.Comment(FromSeconds(20 * i)));
        return [.. Enumerable.Range(1, Outages).Select(Outage), rest];

        SseScript Outage(int number)
        {
            TimeSpan time = FromMilliseconds(random.Next(20_000));
            SseResponseScript good = OpenStream(time).Event(time, $"{number}", id: $"{number}");
            return (number % 8) switch
            {
                0 => Refuse(time),
                1 => Respond(HttpStatusCode.BadGateway, "<html>", time: time),
                2 => Respond(HttpStatusCode.TooManyRequests, headers: [("Retry-After", "7")], time: time),
                3 => NeverAnswer(),
                4 => good.Close(time + FromSeconds(1)),
                5 => good.Send(time, $"id: {number + 1}\ndata: cut off").Reset(time + FromSeconds(1)),
                6 => good.Send(time, "data: é"u8[..^1]).Reset(time),
                _ => good, // stalls, until the idle timeout
            };
        }
    }

    private static Day ReplayOnTestScheduler()
    {
        var scheduler = new TestScheduler();
        return Replay(scheduler, () => scheduler.AdvanceTo(FromDays(1).Ticks));
    }

    private static Day ReplayOnHistoricalScheduler()
    {
        var scheduler = new HistoricalScheduler();
        return Replay(scheduler, () => scheduler.AdvanceBy(FromDays(1)));
    }

    private static Day Replay(IScheduler scheduler, Action run)
    {
        var signals = new List<(long Ticks, SseSignal Signal)>();
        var server = new SseTestServer(scheduler, Script);
        using (Subscribe(server, scheduler, signal => signals.Add((scheduler.Now.Ticks, signal))))
            run();
        return new Day(signals, server.Requests, server.Connections);
    }

    private static IDisposable Subscribe(SseTestServer server, IScheduler scheduler, Action<SseSignal> onNext)
    {
        var random = new Random(2);
        var options = new SseOptions
        {
            IdleTimeout = FromSeconds(30),
            Reconnection = SseReconnection.Default with
            {
                Randomizer = random.NextDouble,
                ConfigureAttempt = builder => builder.AddTimeout(FromSeconds(25)),
            },
        };
        return Observable.FromSseSignals(server.CreateClient(), "/", options, scheduler).Subscribe(onNext);
    }

    /// <summary>Everything that both sides saw.</summary>
    private sealed record Day(
        List<(long Ticks, SseSignal Signal)> Signals,
        IReadOnlyList<SseTestRequest> Requests,
        IReadOnlyList<SseTestConnection> Connections);
}
