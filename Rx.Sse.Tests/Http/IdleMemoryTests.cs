using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Http;

internal sealed class IdleMemoryTests
{
    [Test]
    public void FromSse_FallsIdleBetweenEvents_HoldsNoArray()
    {
        var scheduler = new TestScheduler();
        var server = new SseTestServer(
            scheduler, OpenStream().Send(FromSeconds(1), "event: x\nid: 1\nda"u8).Send(FromSeconds(2), "ta: a\n\n"u8).Event(FromSeconds(4), "b"));
        using var buffers = new BufferCensus();
        int events = 0;

        using IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", null, scheduler).Subscribe(_ => events++);
        scheduler.AdvanceTo(FromSeconds(1.5).Ticks);
        Assert.That(buffers.Outstanding, Is.EqualTo(3), "what the cut line and its block have so far");
        scheduler.AdvanceTo(FromSeconds(3).Ticks);

        Assert.That(events, Is.EqualTo(1));
        Assert.That(buffers.Outstanding, Is.Zero);
    }
}
