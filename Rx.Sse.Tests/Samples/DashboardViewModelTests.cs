using System.ComponentModel;
using System.Net;
using System.Text.Json;
using Microsoft.Reactive.Testing;
using Rx.Sse.Samples.Dashboard.ViewModels;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Samples;

/// <summary>
/// The dashboard without a browser or a real clock: the values of each property, and when they change.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DashboardViewModelTests : IDisposable
{
    /// <summary>The server's clock, which differs from the client's.</summary>
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, Zero);

    private readonly TestScheduler _scheduler = new();
    private DashboardViewModel _dashboard = null!;

    public void Dispose() => _dashboard.Dispose();

    [Test]
    public void Price_ManyQuotes_ChangesAtMostOnceARefresh()
    {
        Connect(OpenStream()
            .Event(FromSeconds(0), QuoteOf("Aurora", 100, 0), Quote.EventType, "a-0")
            .Event(FromSeconds(0.30), QuoteOf("Aurora", 101, 0.30), Quote.EventType, "a-1")
            .Event(FromSeconds(0.31), QuoteOf("Aurora", 110, 0.31), Quote.EventType, "a-2")
            .Event(FromSeconds(0.32), QuoteOf("Aurora", 105, 0.32), Quote.EventType, "a-3"));
        InstrumentViewModel aurora = _dashboard.Selected!;
        var prices = Watch(aurora, nameof(aurora.Price), () => aurora.Price);
        var changes = Watch(aurora, nameof(aurora.Change), () => Math.Round(aurora.Change, 9));

        Advance(to: FromSeconds(2));

        Assert.That(prices, Is.EqualTo(new[] { (FromSeconds(0.25), 100.0), (FromSeconds(0.5), 105.0) }));
        Assert.That(changes, Is.EqualTo(new[] { (FromSeconds(0.5), 0.05) }));
        Assert.That(aurora.Candles, Is.EqualTo(new[] { new Candle(Noon, Open: 100, High: 110, Low: 100, Close: 105) }));
    }

    [Test]
    public void Candles_QuotesOfAnOutage_FallWhereTheyBelong()
    {
        Connect(
            OpenStream().Event(FromSeconds(0), QuoteOf("Aurora", 1, 0), Quote.EventType, "a-0").Reset(FromSeconds(0.5)),
            OpenStream()
                .Event(Zero, QuoteOf("Aurora", 2, 1), Quote.EventType, "a-1")
                .Event(Zero, QuoteOf("Aurora", 3, 2), Quote.EventType, "a-2")
                .Event(Zero, QuoteOf("Aurora", 4, 2.5), Quote.EventType, "a-3"));

        Advance(to: FromSeconds(5));

        Assert.That(_dashboard.Selected!.Candles, Is.EqualTo(new[]
        {
            new Candle(Noon, 1, 1, 1, 1),
            new Candle(Noon.AddSeconds(1), 2, 2, 2, 2),
            new Candle(Noon.AddSeconds(2), Open: 3, High: 4, Low: 3, Close: 4),
        }));
        Assert.That(
            _dashboard.Connection.Outages,
            Is.EqualTo(new[] { new Outage(At(FromSeconds(0.5)), At(FromSeconds(3.5))) }));
    }

    [Test]
    public void Candles_OfMoreThanAMinute_LoseTheOldest()
    {
        SseResponseScript minutes = OpenStream();
        for (int second = 0; second < 90; second++)
            minutes = minutes.Event(
                FromSeconds(second), QuoteOf("Aurora", second, second), Quote.EventType, $"a-{second}");
        Connect(minutes);

        Advance(to: FromSeconds(100));

        Assert.That(
            _dashboard.Selected!.Candles.Select(candle => candle.Time),
            Is.EqualTo(Enumerable.Range(30, 60).Select(second => Noon.AddSeconds(second))));
    }

    [Test]
    public void Status_ConnectionBreaks_CountsDownAndIsLiveAgain()
    {
        Connect(OpenStream(FromSeconds(1)).Reset(FromSeconds(2)), Refuse(), OpenStream(FromSeconds(1)));
        ConnectionViewModel connection = _dashboard.Connection;
        var statuses = Watch(connection, nameof(connection.Status), () => connection.Status);

        Advance(to: FromSeconds(20));

        Assert.That(
            statuses.Where(each => each.Value.State != ConnectionState.Waiting)
                .Select(each => (each.Time, each.Value.State)),
            Is.EqualTo(new[]
            {
                (FromSeconds(1), ConnectionState.Live),
                (FromSeconds(5), ConnectionState.Connecting),
                (FromSeconds(11), ConnectionState.Connecting),
                (FromSeconds(12), ConnectionState.Live),
            }));
        var waiting = statuses.Where(each => each.Value.State == ConnectionState.Waiting).ToList();
        Assert.That(
            waiting.Select(each => each.Time + each.Value.Left),
            Has.All.EqualTo(FromSeconds(5)).Or.EqualTo(FromSeconds(11)));
        Assert.That(waiting.Select(each => each.Value.Attempt).Distinct(), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(waiting[0].Value, Has.Property("Delay").EqualTo(FromSeconds(3)).And.Property("Reason").Not.Empty);
        Assert.That(waiting[1].Time - waiting[0].Time, Is.EqualTo(ConnectionViewModel.CountdownStep));
        Assert.That(connection.Outages, Is.EqualTo(new[] { new Outage(At(FromSeconds(2)), At(FromSeconds(12))) }));
    }

    [TestCase(HttpStatusCode.Unauthorized, ConnectionState.Failed)]
    [TestCase(HttpStatusCode.NoContent, ConnectionState.Completed)]
    public void Status_StreamIsOver_SaysSo(HttpStatusCode status, ConnectionState state)
    {
        Connect(
            OpenStream().Event(Zero, QuoteOf("Aurora", 100, 0), Quote.EventType, "a-0").Reset(FromSeconds(1)),
            Respond(status));

        Advance(to: FromSeconds(20));

        Assert.That(_dashboard.Connection.Status.State, Is.EqualTo(state));
        Assert.That(
            _dashboard.Connection.Status.Reason, state == ConnectionState.Failed ? Does.Contain("401") : Is.Empty);
        Assert.That(_dashboard.Selected!.Price, Is.EqualTo(100), "what has come stays");
    }

    [Test]
    public void Traffic_NumbersThatAreLeftOutOrComeAgain_AreCounted()
    {
        Connect(OpenStream()
            .Event(Zero, "", Quote.ResetEventType)
            .Event(FromSeconds(0.1), QuoteOf("Aurora", 1, 0), Quote.EventType, "a-7")
            .Event(FromSeconds(0.2), QuoteOf("Aurora", 1, 0), Quote.EventType, "a-8")
            .Event(FromSeconds(1.1), QuoteOf("Aurora", 1, 0), Quote.EventType, "a-12")
            .Event(FromSeconds(1.2), QuoteOf("Aurora", 1, 0), Quote.EventType, "a-12")
            .Event(FromSeconds(1.3), "", Quote.ResetEventType)
            .Event(FromSeconds(1.4), QuoteOf("Aurora", 1, 0), Quote.EventType, "b-0"));
        TrafficViewModel traffic = _dashboard.Traffic;
        var perSecond = Watch(traffic, nameof(traffic.PerSecond), () => traffic.PerSecond);

        Advance(to: FromSeconds(4));

        Assert.That((traffic.Received, traffic.Missed, traffic.Duplicates), Is.EqualTo((5L, 3L, 1L)));
        Assert.That(perSecond, Is.EqualTo(new[] { (FromSeconds(1), 3), (FromSeconds(2), 4), (FromSeconds(3), 0) }));
    }

    [Test]
    public void Instruments_FilterIsTyped_FollowOnceTypingHasPaused()
    {
        Connect(OpenStream()
            .Event(Zero, QuoteOf("Cobalt", 1, 0), Quote.EventType, "a-0")
            .Event(Zero, QuoteOf("Aurora", 1, 0), Quote.EventType, "a-1")
            .Event(Zero, QuoteOf("Borealis", 1, 0), Quote.EventType, "a-2"));
        Advance(to: FromSeconds(1));
        Assert.That(Shown(), Is.EqualTo(new[] { "Aurora", "Borealis", "Cobalt" }));
        Assert.That(_dashboard.Selected!.Symbol, Is.EqualTo("Cobalt"), "the first that came");

        _dashboard.Filter = "b";
        Advance(to: FromSeconds(1.2));
        _dashboard.Filter = "bo";
        Advance(to: FromSeconds(1.4));
        Assert.That(Shown(), Has.Length.EqualTo(3), "still typing");

        Advance(to: FromSeconds(1.6));
        Assert.That(Shown(), Is.EqualTo(new[] { "Borealis" }));

        string[] Shown() => [.. _dashboard.Instruments.Select(instrument => instrument.Symbol)];
    }

    [Test]
    public async Task DropConnections_AsksTheServer()
    {
        SseTestServer server = new SseTestServer(_scheduler).On("/prices", OpenStream()).On(
            "/drop", Respond(HttpStatusCode.NoContent));
        Connect(server);

        Task dropped = _dashboard.DropConnectionsAsync();
        Advance(to: FromSeconds(1));
        await dropped;

        server.Requests.AssertEqual(ExpectedGet(Zero, "/prices"), ExpectedPost(FromTicks(1), "/drop"));
    }

    [Test]
    public void Dispose_ClosesTheConnection_AndNothingChangesAfterwards()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream()
                .Event(FromSeconds(1), QuoteOf("Aurora", 1, 0), Quote.EventType, "a-0")
                .Event(FromSeconds(3), QuoteOf("Aurora", 2, 0), Quote.EventType, "a-1"));
        Connect(server);
        Advance(to: FromSeconds(2));

        _dashboard.Dispose();
        Advance(to: FromSeconds(10));

        Assert.That(_dashboard.Selected!.Price, Is.EqualTo(1));
        server.Connections.AssertEqual(ExpectedConnection(Zero, FromSeconds(2), SseClosedBy.Client));
    }

    private static string QuoteOf(string symbol, double price, double seconds) =>
        JsonSerializer.Serialize(new Quote(symbol, price, Noon.AddSeconds(seconds)), QuoteJson.Default.Quote);

    private static DateTimeOffset At(TimeSpan time) => new(time.Ticks, Zero);

    private void Connect(params SseScript[] connections) => Connect(new SseTestServer(_scheduler, connections));

    private void Connect(SseTestServer server)
    {
        _dashboard = new DashboardViewModel(
            server.CreateClient(), new SseOptions { Reconnection = Story.WithoutJitter }, _scheduler);
        Advance(to: FromTicks(1));
    }

    private void Advance(TimeSpan to) => _scheduler.AdvanceTo(to.Ticks);

    /// <summary>Returns each new value of the property, and when it changed.</summary>
    private List<(TimeSpan Time, T Value)> Watch<T>(INotifyPropertyChanged viewModel, string property, Func<T> value)
    {
        List<(TimeSpan, T)> values = [];
        viewModel.PropertyChanged += (_, change) =>
        {
            if (change.PropertyName == property)
                values.Add((FromTicks(_scheduler.Clock), value()));
        };
        return values;
    }
}
