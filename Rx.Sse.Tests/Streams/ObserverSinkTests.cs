using System.Reactive;
using Rx.Sse.Parsing;
using Rx.Sse.Streams;

namespace Rx.Sse.Tests.Streams;

internal sealed class ObserverSinkTests
{
    private readonly List<object> _received = [];

    /// <summary>Another thread disposes of the subscription while the parser is in the middle of a chunk.</summary>
    [Test]
    public void OnEvent_Stopped_DeliversNothingAndStopsTheParser()
    {
        ObserverSink[] sinks =
        [
            new EventObserverSink(Observer.Create<SseEvent>(_received.Add), ""),
            new SignalObserverSink(Observer.Create<SseSignal>(_received.Add), ""),
            new SelectorObserverSink<int>(
                Observer.Create<int>(length => _received.Add(length)), e => e.Data.Length, ""),
        ];

        foreach (ObserverSink sink in sinks)
        {
            var parser = new SseParser(sink, sink.LastEventId, SseOptions.DefaultMaxEventSize);
            Assert.That(parser.Feed("data: a\n\n"u8), Is.EqualTo(SseFeedResult.NeedsMore));
            sink.Stop();
            Assert.That(parser.Feed("data: b\n\n"u8), Is.EqualTo(SseFeedResult.Stopped));
            sink.Deliver(new SseComment { Text = "c" });
            sink.Finish(null);
        }

        Assert.That(_received, Has.Count.EqualTo(3));
    }

    [Test]
    public void OnComment_Stopped_DeliversNothingAndStopsTheParser()
    {
        var sink = new SignalObserverSink(Observer.Create<SseSignal>(_received.Add), "");
        var parser = new SseParser(sink, sink.LastEventId, SseOptions.DefaultMaxEventSize);
        sink.Stop();

        Assert.That(parser.Feed(":\n"u8), Is.EqualTo(SseFeedResult.Stopped));
        Assert.That(_received, Is.Empty);
    }

    [Test]
    public void OnEvent_SelectorDisposes_DeliversNothing()
    {
        SelectorObserverSink<int>? sink = null;
        sink = new(Observer.Create<int>(length => _received.Add(length)), Select, "");
        var parser = new SseParser(sink, sink.LastEventId, SseOptions.DefaultMaxEventSize);

        Assert.That(parser.Feed("data: a\n\n"u8), Is.EqualTo(SseFeedResult.Stopped));
        Assert.That(_received, Is.Empty);

        int Select(SseUtf8Event e)
        {
            sink!.Stop();
            return e.Data.Length;
        }
    }
}
