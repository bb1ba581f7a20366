using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Diagnostics;
using Rx.Sse.Streams;

namespace Rx.Sse.Tests;

/// <summary>Measures the allocations of a thread, which .NET Framework cannot report.</summary>
internal sealed class AllocationTests
{
    [Test]
    public void ParseSse_SelectorWithoutStrings_AllocatesNothingPerEvent()
    {
        const int Events = 10_000;
        byte[] chunk = Encoding.UTF8.GetBytes(
            string.Concat(
                Enumerable.Range(100_000, 10).Select(i => $"event: tick\nid: {i}\ndata: {{\"price\":{i}}}\n\n")));
        var source = new Subject<ReadOnlyMemory<byte>>();
        long bytes = 0;
        using IDisposable subscription = source.ParseSse(e => e.Data.Length + e.EventType.Length + e.LastEventId.Length)
            .Subscribe(length => bytes += length);
        source.OnNext(chunk);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Events / 10; i++)
            source.OnNext(chunk);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(bytes, Is.GreaterThan(Events));
        Assert.That(allocated, Is.LessThan(Events), "less than a byte an event");
    }

    [Test]
    public void EventTypeCache_OneType_TakesLittleMemory()
    {
        new EventTypeCache().Get("type"u8);
        var cache = new EventTypeCache();

        long before = GC.GetAllocatedBytesForCurrentThread();
        cache.Get("type"u8);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(300));
    }

    [Test]
    [ProcessWide("whether anybody listens")]
    public void Received_NoListener_AllocatesNothing()
    {
        var diagnostics = new StreamDiagnostics(logger: null, TimeProvider.System);
        diagnostics.SetAddress(Story.Address);
        diagnostics.Received(1, 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            diagnostics.Received(1, 1);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
