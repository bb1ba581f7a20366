using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;
using Rx.Sse;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Documentation;

/// <summary>The example of docs/testing.md that cuts the stream everywhere, and the bug that it finds.</summary>
internal sealed class OrdersViewModelTests
{
    [Test]
    public void Orders_ConnectionBreaksAnywhere_AreThoseOfTheServer()
    {
        SseScript script = OpenStream()
            .Event(FromSeconds(1), "A,B", @event: "all")
            .Event(FromSeconds(2), "C", @event: "new");
        SseScript next = OpenStream()
            .Event(Zero, "A,B,C", @event: "all")
            .Comment(FromSeconds(20)).Repeat(every: FromSeconds(20), until: FromHours(1));

        foreach (SseScript cut in EveryCut(script))
        {
            var scheduler = new TestScheduler();
            SseTestServer server = new SseTestServer(scheduler, cut).Otherwise(next);

            using var viewModel = new OrdersViewModel(server.CreateClient(), scheduler);
            scheduler.AdvanceTo(FromMinutes(5).Ticks);

            Assert.That(viewModel.Orders, Is.EqualTo(new[] { "A", "B", "C" }), () => $"{cut}");
        }
    }

    /// <summary>The page shows where this test fails.</summary>
    [Test]
    public void Orders_ThatAreNotCleared_FailAsThePageSays()
    {
        SseScript script = OpenStream()
            .Event(FromSeconds(1), "A,B", @event: "all")
            .Event(FromSeconds(2), "C", @event: "new");
        SseScript failure = EveryCut(script, SseCuts.Reset | SseCuts.Close)
            .First(cut => !OrdersWithoutClear(cut).SequenceEqual(["A", "B", "C"]));

        string page = Page.Read("docs/testing.md").Text;

        Assert.That(page, Does.Contain($"\n{failure}\n"));
        Assert.That(page, Does.Contain($"< \"{string.Join("\", \"", OrdersWithoutClear(failure))}\" >"));
    }

    private static List<string> OrdersWithoutClear(SseScript cut)
    {
        var scheduler = new TestScheduler();
        SseTestServer server = new SseTestServer(scheduler, cut)
            .Otherwise(OpenStream().Event(Zero, "A,B,C", @event: "all"));
        List<string> orders = [];
        using (Observable.FromSse(server.CreateClient(), "/orders", null, scheduler)
            .Subscribe(e => orders.AddRange(e.Data.Split(','))))
            scheduler.AdvanceTo(FromMinutes(5).Ticks);
        return orders;
    }
}
