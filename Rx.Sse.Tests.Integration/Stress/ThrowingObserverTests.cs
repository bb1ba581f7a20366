using System.Reactive.Linq;
using Microsoft.AspNetCore.Http;
using Rx.Sse.Tests.Integration.Sockets;
using Rx.Sse.Tests.Stress;

namespace Rx.Sse.Tests.Integration.Stress;

/// <summary>
/// An exception of an observer is thrown once, out of the scheduler, and ends the stream. Over real sockets.
/// </summary>
[CancelAfter(60_000)]
internal sealed class ThrowingObserverTests
{
    [TestCase(Moment.Event, StatusCodes.Status200OK)]
    [TestCase(Moment.Failed, StatusCodes.Status404NotFound)]
    [TestCase(Moment.Completed, StatusCodes.Status204NoContent)]
    public async Task FromSse_ObserverThrows_SurfacesOnceClosesAndNeverReconnects(
        Moment moment, int status, CancellationToken hang)
    {
        var exceptions = new Gauge();
        exceptions.Increment();
        var scheduler = new WatchedScheduler { OnThrown = _ => exceptions.Decrement() };
        await using SocketServer server = await SocketServer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            if (status == StatusCodes.Status200OK)
            {
                await context.SendAsync("data: a\n\ndata: b\n\n");
                await context.UntilAbortedAsync();
            }
        });
        using var client = new HttpClient();
        var observer = new RawObserver(now =>
        {
            if (now == moment)
                throw new ObserverException();
        });

        using IDisposable subscription = Observable.FromSse(client, server.Url, null, scheduler).Subscribe(observer);
        await exceptions.ZeroAsync(hang);
        await server.Requests.ZeroAsync(hang);

        Assert.That(scheduler.Thrown.Single(), Is.TypeOf<ObserverException>());
        Assert.That(scheduler.Pending.Value, Is.Zero, "timers");
        Assert.That(observer.Faults, Is.Empty);
        Assert.That(observer.Received, Is.EqualTo(1));
        Assert.That(server.Requests.Total, Is.EqualTo(1));
    }
}
