using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.AspNetCore.Builder;

namespace Rx.Sse.Samples.FanOut;

/// <summary>
/// Followers over HTTP who all check the numbers they get, while upstream is cut again and again, and all of them are
/// dropped once.
/// </summary>
internal static class FanOutDemonstration
{
    /// <summary>A follower leaves when it has this event, or a later one.</summary>
    private const int LastEvent = 200;
    private const int DropAt = 100;

    /// <summary>Followers come one after the other, within this time.</summary>
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(int followers, CancellationToken cancellation)
    {
        await using NumberedServer upstream = FanOutSample.CreateUpstream();
        await upstream.StartAsync(cancellation);
        Console.WriteLine($"upstream   {upstream.Url} cuts each connection after a while");

        using var upstreamClient = new HttpClient();
        var log = new MemoryLog(FanOutSample.DefaultHistory, Scheduler.Default);
        var relay = new Relay(upstreamClient, upstream.Url, new SseOptions(), log, Scheduler.Default);
        var connections = new OpenConnections();
        await using WebApplication server = RelayServer.Create(relay, connections, port: 0);
        await server.StartAsync(cancellation);
        Console.WriteLine($"relay      {server.Address()} serves it again");

        using var client = new HttpClient();
        var url = new Uri(server.Address(), "events");
        int dropped = 0;
        Tally[] tallies = await Observable
            .Range(0, followers)
            .SelectMany(number => Observable.Timer(Arrival * number / followers).SelectMany(Observable
                .FromSse(client, url)
                .Do(DropOnce)
                .TakeUntil(e => Number(e) >= LastEvent)
                .Aggregate(default(Tally), (tally, e) => tally.With(e))))
            .ToArray()
            .ToTask(cancellation);

        return Report(tallies, upstream);

        void DropOnce(SseEvent e)
        {
            if (Number(e) == DropAt && Interlocked.Exchange(ref dropped, 1) == 0)
            {
                Console.WriteLine($"relay      drops all {connections.Count:N0} followers at #{DropAt}");
                connections.Abort();
            }
        }
    }

    /// <summary>Each event begins with its number. Its ID is the one that the relay gave it.</summary>
    private static int Number(SseEvent e) => int.Parse(e.Data.Split(' ')[0], CultureInfo.InvariantCulture);

    private static int Report(Tally[] tallies, NumberedServer upstream)
    {
        long received = tallies.Sum(tally => (long)tally.Received);
        int missing = tallies.Sum(tally => tally.Missing);
        int doubled = tallies.Sum(tally => tally.Doubled);
        Console.WriteLine();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{tallies.Length:N0} followers received {received:N0} events: {missing} missing, {doubled} received "
                    + $"twice."));
        Console.WriteLine($"Upstream had {upstream.Connections} connections, {upstream.MostAtOnce} at a time.");
        return missing == 0 && doubled == 0 && upstream.MostAtOnce == 1 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>What one follower has received, from wherever it came in.</summary>
    private readonly record struct Tally(int Last, int Received, int Missing, int Doubled)
    {
        public Tally With(SseEvent e)
        {
            int id = Number(e);
            return Last == 0 || id == Last + 1 ? this with { Last = id, Received = Received + 1 }
                : id <= Last ? this with { Received = Received + 1, Doubled = Doubled + 1 }
                : this with { Last = id, Received = Received + 1, Missing = Missing + id - Last - 1 };
        }
    }
}
