using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Rx.Sse.Samples.Dashboard.ViewModels;

namespace Rx.Sse.Samples.Dashboard;

/// <summary>
/// Random prices, each with a number, in a log of limited size. Each client reads the log from its own position and at
/// its own speed, so a slow client needs no buffer, and one that reconnects resumes where it was.
/// </summary>
internal sealed class Market
{
    /// <summary>The size of the log. A client that is further behind has to start over.</summary>
    public const int HistorySize = 5_000;

    /// <summary>The time whose quotes a new client gets first, so that its chart is full.</summary>
    public static readonly TimeSpan InitialHistory = TimeSpan.FromMinutes(1);

    /// <summary>The reconnection time that clients get.</summary>
    public static readonly TimeSpan ReconnectionInterval = TimeSpan.FromSeconds(3);

    private const long Unknown = -1;

    private static readonly TimeSpan BetweenQuotes = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Random _random = new();

    /// <summary>Part of each ID, because numbers of an earlier run are not valid in this one.</summary>
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

    /// <summary>Completed and replaced by each new quote.</summary>
    private TaskCompletionSource _next = NewSignal();

    public Market(TimeProvider time)
    {
        _time = time;
        DateTimeOffset now = time.GetUtcNow();
        for (DateTimeOffset moment = now - InitialHistory; moment < now; moment += BetweenQuotes)
            Add(moment);
    }

    /// <summary>Adds quotes until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(BetweenQuotes, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
            Add(_time.GetUtcNow());
    }

    /// <summary>
    /// Returns all quotes after that ID, without end; without an ID, those since the initial history.
    /// </summary>
    public async IAsyncEnumerable<SseItem<Quote?>> FollowAsync(
        string? lastEventId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long position = PositionAfter(lastEventId) ?? Unknown;
        while (true)
        {
            if (Read(position) is not var (quotes, next))
            {
                position = Math.Max(0, Interlocked.Read(ref _count) - InitialHistory.Ticks / BetweenQuotes.Ticks);
                yield return new SseItem<Quote?>(null, Quote.ResetEventType)
                {
                    ReconnectionInterval = ReconnectionInterval,
                };
                continue;
            }

            foreach (Quote quote in quotes)
                yield return new SseItem<Quote?>(quote, Quote.EventType) { EventId = $"{_run}-{position++}" };
            await next.WaitAsync(cancellation);
        }
    }

    private long? PositionAfter(string? lastEventId) =>
        lastEventId?.Split('-') is [var run, var number]
            && run == _run
            && long.TryParse(number, CultureInfo.InvariantCulture, out long last) ? last + 1 : null;

    /// <summary>
    /// Returns the quotes from a position on, and a task that completes when there are more; null if the position is
    /// not in the log.
    /// </summary>
    private (List<Quote> Quotes, Task Next)? Read(long position)
    {
        lock (_lock)
        {
            if (position < Math.Max(0, _count - HistorySize) || position > _count)
                return null;
            List<Quote> quotes = [];
            for (long number = position; number < _count; number++)
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
