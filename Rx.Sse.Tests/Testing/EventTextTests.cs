using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>The subscriber receives what the script sends.</summary>
internal sealed class EventTextTests
{
    private static readonly SseEvent[] Events =
    [
        new() { Data = "" },
        new() { Data = " leading and trailing " },
        new() { Data = "one\n\ntwo\n" },
        new() { Data = ": no comment\ndata: no field" },
        new() { Data = "a", Event = "" },
        new() { Data = "a", Event = " tick: 1" },
        new() { Data = "{\"é\":\"日本語 😀\"}", Event = "é", Id = "日 本", Retry = Zero },
        new() { Data = "a", Id = "", Retry = FromDays(30) },
    ];

    [Test]
    public void Event_AnyFields_ArriveUnchanged(
        [ValueSource(nameof(Events))] SseEvent sent, [Values(1, 3, 1000)] int chunkSize) =>
        Assert.That(
            Received(OpenStream().InChunksOf(chunkSize).Event(Zero, sent)),
            Is.EqualTo(new[] { sent with { LastEventId = sent.Id ?? "" } }));

    [TestCase("", 1)]
    [TestCase("heartbeat", 1)]
    [TestCase(" two\nlines ", 2)]
    public void Comment_AnyText_ArrivesUnchanged(string text, int count)
    {
        List<SseSignal> received = Received(OpenStream().Comment(Zero, text));

        Assert.That(received, Has.Count.EqualTo(count));
        Assert.That(string.Join("\n", received.Cast<SseComment>().Select(comment => comment.Text)), Is.EqualTo(text));
    }

    private static List<SseSignal> Received(SseScript script)
    {
        var scheduler = new TestScheduler();
        using HttpClient client = new SseTestServer(scheduler, script).CreateClient();
        var received = new List<SseSignal>();
        using IDisposable subscription = Observable.FromSseSignals(client, "/", null, scheduler)
            .Subscribe(received.Add);
        return [.. received.Where(signal => signal is SseEvent or SseComment)];
    }
}
