using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Sse.Testing;

namespace Rx.Sse.Benchmarks;

/// <summary>Shows when 5,000 streams that are dropped at the same time reconnect, in virtual time.</summary>
internal static class StormTable
{
    private const int Streams = 5_000;

    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(250);

    public static int Print()
    {
        var scheduler = new HistoricalScheduler();
        TimeSpan drop = TimeSpan.FromSeconds(10);
        SseScript dropped = SseTest.OpenStream().Event(TimeSpan.FromSeconds(1), "hello").Reset(drop);
        SseTestServer server = new SseTestServer(scheduler, [.. Enumerable.Repeat(dropped, Streams)])
            .Otherwise(SseTest.OpenStream());
        using HttpClient client = server.CreateClient();
        for (int i = 0; i < Streams; i++)
            Observable.FromSse(client, "/", null, scheduler).Subscribe();
        scheduler.AdvanceBy(TimeSpan.FromMinutes(1));

        Console.WriteLine($"{Streams} streams are dropped at once. Seconds until they come back:");
        IEnumerable<IGrouping<long, SseTestRequest>> slots = server.Requests.Skip(Streams)
            .GroupBy(request => (request.Time - drop).Ticks / Slot.Ticks)
            .OrderBy(slot => slot.Key);
        foreach (IGrouping<long, SseTestRequest> slot in slots)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{(slot.Key * Slot).TotalSeconds,5:0.00} {slot.Count(),5} {new string('#', slot.Count() / 25)}"));
        int busiest = server.Requests.Skip(Streams)
            .GroupBy(request => request.Time.Ticks / TimeSpan.TicksPerMillisecond)
            .Max(millisecond => millisecond.Count());
        Console.WriteLine(
            $"All {server.Requests.Count - Streams} are back; the busiest millisecond had {busiest} requests.");
        return server.OpenConnectionCount == Streams ? 0 : 1;
    }
}
