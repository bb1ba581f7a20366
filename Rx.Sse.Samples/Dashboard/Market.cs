using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Rx.Sse.Samples.Dashboard.ViewModels;

namespace Rx.Sse.Samples.Dashboard;

/// <summary>
/// Prices that wander, each with a number, kept for a while. All followers read one log, each from its position and as
/// fast as it can, so that a slow one costs nothing and one that was lost continues where it was.
/// </summary>
internal sealed class Market
{
    /// <summary>How many quotes are kept: a follower may be away, or behind, for so long.</summary>
    public const int HistorySize = 5_000;

    /// <summary>What a new follower is given first, so that its chart begins full.</summary>
    public static readonly TimeSpan FirstGlance = TimeSpan.FromMinutes(1);

    /// <summary>How long clients wait before they come back.</summary>
    public static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(3);

    private const long Unknown = -1;

    private static readonly TimeSpan BetweenQuotes = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Random _random = new();

    /// <summary>Tells the numbers of this run from those of an earlier one, which mean nothing here.</summary>
    private readonly string _run = RandomNumberGenerator.GetHexString(4, lowercase: true);

    private readonly Dictionary<string, double> _prices = new()
    {
        ["Aurora"] = 184.20,
        ["Borealis"] = 62.75,
        ["Cobalt"] = 318.40,
        ["Drift"] = 27.15,
        ["Ember"] = 96.60,
        ["Fjord"] = 141.90,
    };

    /// <summary>Quote <c>n</c> is at <c>n % HistorySize</c>.</summary>
    private readonly Quote[] _quotes = new Quote[HistorySize];
    private long _count;

    /// <summary>Completed, and replaced, with the next quote.</summary>
    private TaskCompletionSource _next = NewSignal();

    public Market(TimeProvider time)
    {
        _time = time;
        DateTimeOffset now = time.GetUtcNow();
        for (DateTimeOffset moment = now - FirstGlance; moment < now; moment += BetweenQuotes)
            Add(moment);
    }

    /// <summary>Keeps trading.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(BetweenQuotes, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
            Add(_time.GetUtcNow());
    }

    /// <summary>All quotes after the one with that ID, without end; without an ID, from the first glance on.</summary>
    public async IAsyncEnumerable<SseItem<Quote?>> FollowAsync(
        string? lastEventId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long place = PlaceAfter(lastEventId) ?? Unknown;
        while (true)
        {
            if (Read(place) is not var (quotes, next))
            {
                place = Math.Max(0, Interlocked.Read(ref _count) - FirstGlance.Ticks / BetweenQuotes.Ticks);
                yield return new SseItem<Quote?>(null, Quote.ResetEventType)
                {
                    ReconnectionInterval = ReconnectionInterval,
                };
                continue;
            }

            foreach (Quote quote in quotes)
                yield return new SseItem<Quote?>(quote, Quote.EventType) { EventId = $"{_run}-{place++}" };
            await next.WaitAsync(cancellation);
        }
    }

    private long? PlaceAfter(string? lastEventId) =>
        lastEventId?.Split('-') is [var run, var number]
            && run == _run
            && long.TryParse(number, CultureInfo.InvariantCulture, out long last) ? last + 1 : null;

    /// <summary>
    /// What is there from that place on, and what completes when there is more; null where that place is not in the
    /// log.
    /// </summary>
    private (List<Quote> Quotes, Task Next)? Read(long place)
    {
        lock (_lock)
        {
            if (place < Math.Max(0, _count - HistorySize) || place > _count)
                return null;
            List<Quote> quotes = [];
            for (long number = place; number < _count; number++)
                quotes.Add(_quotes[number % HistorySize]);
            return (quotes, _next.Task);
        }
    }

    private void Add(DateTimeOffset moment)
    {
        string symbol = _prices.Keys.ElementAt(_random.Next(_prices.Count));
        double price = _prices[symbol] *= 1
            + (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5) * 0.0012;
        TaskCompletionSource next;
        lock (_lock)
        {
            _quotes[_count++ % HistorySize] = new Quote(symbol, Math.Round(price, 2), moment);
            (next, _next) = (_next, NewSignal());
        }

        next.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
