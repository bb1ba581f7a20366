using System.Net.ServerSentEvents;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// Runs the operator <c>ParseSse</c> and <see cref="System.Net.ServerSentEvents.SseParser"/> on the same chunks, for
/// events with strings and for typed events.
/// </summary>
internal sealed class ParserRuns(ReadOnlyMemory<byte>[] chunks)
{
    public Tally Platform() => PlatformAsync().GetAwaiter().GetResult();

    public Tally PlatformTyped() => PlatformTypedAsync().GetAwaiter().GetResult();

    public Tally PlatformSynchronous()
    {
        Tally total = default;
        foreach (SseItem<string> item in SseParser.Create(new ChunkStream(chunks)).Enumerate())
            total = total.Add(item.Data.Length);
        return total;
    }

    public Tally RxSse()
    {
        var counter = new Counter();
        using (new ChunkSource(chunks).ParseSse().Subscribe(counter))
            return counter.Total;
    }

    public Tally RxSseTyped()
    {
        var counter = new Counter();
        using (new ChunkSource(chunks).ParseSse(static e => e.Data.Length).Subscribe(counter))
            return counter.Total;
    }

    // Every read completes synchronously, so nothing here ever waits.
    private async Task<Tally> PlatformAsync()
    {
        Tally total = default;
        await foreach (SseItem<string> item in SseParser.Create(new ChunkStream(chunks)).EnumerateAsync())
            total = total.Add(item.Data.Length);
        return total;
    }

    private async Task<Tally> PlatformTypedAsync()
    {
        Tally total = default;
        SseParser<int> parser = SseParser.Create(new ChunkStream(chunks), static (_, data) => data.Length);
        await foreach (SseItem<int> item in parser.EnumerateAsync())
            total = total.Add(item.Data);
        return total;
    }
}
