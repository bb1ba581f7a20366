using System.Globalization;
using System.Net.ServerSentEvents;
using Rx.Sse.Samples.Dashboard;
using Rx.Sse.Samples.Dashboard.ViewModels;

namespace Rx.Sse.Tests.Samples;

/// <summary>The dashboard's server: what it resumes, and when it starts over.</summary>
[CancelAfter(60_000)]
internal sealed class MarketTests
{
    /// <summary>The events of one minute.</summary>
    private const int InitialHistory = 3_000;

    [Test]
    public async Task Follow_WithoutAnId_BeginsWithTheLastMinute(CancellationToken hang)
    {
        var market = new Market(TimeProvider.System);

        List<SseItem<Quote?>> items = await TakeAsync(market, null, 1 + InitialHistory, hang);

        Assert.That(
            items[0],
            Has.Property("EventType").EqualTo(Quote.ResetEventType).And.Property("ReconnectionInterval").EqualTo(
                Market.ReconnectionInterval));
        Assert.That(items.Skip(1).Select(NumberOf), Is.EqualTo(Enumerable.Range(0, InitialHistory)));
        Assert.That(
            items.Skip(1).Select(item => item.Data!.Time),
            Is.Ordered.And.All.GreaterThan(DateTimeOffset.UtcNow.AddMinutes(-2)));
    }

    [Test]
    public async Task Follow_WithAnIdOfThisRun_ResumesAfterIt(CancellationToken hang)
    {
        var market = new Market(TimeProvider.System);
        List<SseItem<Quote?>> all = await TakeAsync(market, null, 1 + InitialHistory, hang);

        List<SseItem<Quote?>> rest = await TakeAsync(market, all[1000].EventId, InitialHistory - 1000, hang);

        Assert.That(rest, Is.EqualTo(all[1001..]));
    }

    [Test]
    public async Task Follow_AtTheEnd_WaitsForWhatComes(CancellationToken hang)
    {
        var market = new Market(TimeProvider.System);
        string last = (await TakeAsync(market, null, 1 + InitialHistory, hang))[^1].EventId!;
        Task<List<SseItem<Quote?>>> following = TakeAsync(market, last, 3, hang);
        Assert.That(following.IsCompleted, Is.False);

        using var trading = new CancellationTokenSource();
        Task run = market.RunAsync(trading.Token);

        Assert.That(
            (await following).Select(NumberOf),
            Is.EqualTo(new[] { InitialHistory, InitialHistory + 1, InitialHistory + 2 }));
        await trading.CancelAsync();
        Assert.That(() => run, Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("another-7")]
    [TestCase("{0}-999999")]
    [TestCase("{0}--1")]
    [TestCase("{0}-x")]
    [TestCase("nonsense")]
    public async Task Follow_WithAnUnknownId_BeginsAgain(string id, CancellationToken hang)
    {
        var market = new Market(TimeProvider.System);
        string run = (await TakeAsync(market, null, 2, hang))[^1].EventId!.Split('-')[0];

        List<SseItem<Quote?>> items = await TakeAsync(
            market, string.Format(CultureInfo.InvariantCulture, id, run), 2, hang);

        Assert.That(items.Select(item => item.EventType), Is.EqualTo(new[] { Quote.ResetEventType, Quote.EventType }));
    }

    private static int NumberOf(SseItem<Quote?> item) =>
        int.Parse(item.EventId!.Split('-')[1], CultureInfo.InvariantCulture);

    private static async Task<List<SseItem<Quote?>>> TakeAsync(
        Market market, string? lastEventId, int count, CancellationToken cancellation)
    {
        List<SseItem<Quote?>> items = [];
        await foreach (SseItem<Quote?> item in market.FollowAsync(lastEventId, cancellation))
        {
            items.Add(item);
            if (items.Count == count)
                break;
        }

        return items;
    }
}
