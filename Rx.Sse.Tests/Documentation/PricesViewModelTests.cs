using System.Net;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Documentation;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PricesViewModelTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Price_ManyAtOnce_ShowsTheLastOnceTheyAreQuiet()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream()
                .Event(FromSeconds(1), "99.5")
                .Event(FromSeconds(1.05), "99.6")
                .Event(FromSeconds(1.1), "99.7")
                .Event(FromSeconds(2), "98.9"));

        Assert.That(
            Changes(server, nameof(PricesViewModel.Price), viewModel => viewModel.Price, until: FromSeconds(3)),
            Is.EqualTo(new[] { (FromSeconds(1.2), "99.7"), (FromSeconds(2.1), "98.9") }));
    }

    [Test]
    public void PerSecond_AcrossAReconnect_CountsWhatCame()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(0.5), "99.5").Event(FromSeconds(0.6), "99.6").Reset(FromSeconds(0.7)),
            OpenStream().Event(FromSeconds(0.1), "99.7"));

        Assert.That(
            Changes(
                    server,
                    nameof(PricesViewModel.PerSecond),
                    viewModel => $"{viewModel.PerSecond}",
                    until: FromSeconds(5))
                .Select(change => change.Value),
            Is.EqualTo(new[] { "2", "0", "0", "1", "0" }));
    }

    [Test]
    public void State_ServerIsAwayForAWhile_CountsDownUntilItIsLiveAgain()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream(FromSeconds(1)).Event(FromSeconds(2), "99.5").Reset(FromSeconds(10)),
            Refuse(),
            OpenStream());

        Assert.That(
            Changes(server, nameof(PricesViewModel.State), viewModel => viewModel.State, until: FromMinutes(1)),
            Is.EqualTo(new[]
            {
                (FromSeconds(1), "live"),
                (FromSeconds(10), "offline, next attempt in 3 s"),
                (FromSeconds(11), "offline, next attempt in 2 s"),
                (FromSeconds(12), "offline, next attempt in 1 s"),
                (FromSeconds(13), "connecting"),
                (FromSeconds(13), "offline, next attempt in 6 s"),
                (FromSeconds(14), "offline, next attempt in 5 s"),
                (FromSeconds(15), "offline, next attempt in 4 s"),
                (FromSeconds(16), "offline, next attempt in 3 s"),
                (FromSeconds(17), "offline, next attempt in 2 s"),
                (FromSeconds(18), "offline, next attempt in 1 s"),
                (FromSeconds(19), "connecting"),
                (FromSeconds(19), "live"),
            }));
    }

    [Test]
    public void State_ServerRefusesForGood_SaysWhy()
    {
        var server = new SseTestServer(
            _scheduler, Respond(HttpStatusCode.Unauthorized, """{"error":"no key"}""", time: FromSeconds(1)));

        Assert.That(
            Changes(server, nameof(PricesViewModel.State), viewModel => viewModel.State, until: FromMinutes(1)),
            Is.EqualTo(new[]
            {
                (FromSeconds(1),
                    "failed: The server answered with the status 401 (Unauthorized). (http://localhost/prices)"),
            }));
    }

    [Test]
    public void Dispose_AtAnyTime_LeavesNoConnection()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream().Event(FromSeconds(1), "99.5").Event(FromHours(1), "99.6"));

        Changes(server, nameof(PricesViewModel.Price), viewModel => viewModel.Price, until: FromSeconds(5));
        _scheduler.Start();

        server.Connections.AssertEqual(ExpectedConnection(Zero, FromSeconds(5), SseClosedBy.Client));
        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(5).Ticks), "nothing is left on the scheduler");
    }

    /// <summary>
    /// Returns how a property changes, and when, on a view model that is disposed of at the given time.
    /// </summary>
    private List<(TimeSpan Time, string Value)> Changes(
        SseTestServer server, string property, Func<PricesViewModel, string> value, TimeSpan until)
    {
        var changes = new List<(TimeSpan, string)>();
        var options = new SseOptions { Reconnection = SseReconnection.Default with { UseJitter = false } };
        using var viewModel = new PricesViewModel(server.CreateClient(), options, _scheduler);
        viewModel.PropertyChanged += (_, change) =>
        {
            if (change.PropertyName == property)
                changes.Add((FromTicks(_scheduler.Clock), value(viewModel)));
        };
        _scheduler.AdvanceTo(until.Ticks);
        return changes;
    }
}
