using System.Net;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Microsoft.Reactive.Testing.ReactiveTest;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>Clients of the scripted server that disconnect at any moment, and readers of its responses.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ClientTests
{
    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Client_ThatLeaves_CancelsTheRest([Values] bool whileReading)
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream(FromSeconds(whileReading ? 1 : 10)).Event(FromSeconds(20), "a").Event(FromSeconds(30), "b"));
        IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", null, _scheduler).Subscribe();
        _scheduler.AdvanceTo(FromSeconds(5).Ticks);

        subscription.Dispose();
        _scheduler.Start();

        Assert.That(_scheduler.Clock, Is.EqualTo(FromSeconds(5).Ticks));
        server.Connections.AssertEqual(
            ExpectedConnection(whileReading ? FromSeconds(1) : null, FromSeconds(5), SseClosedBy.Client));
    }

    [Test]
    public void Client_ThatCancelsARead_HasLeft()
    {
        var server = new SseTestServer(_scheduler, OpenStream().Send(FromSeconds(5), "late"));
        using var cancellation = new CancellationTokenSource();
        Stream body = server.CreateClient().GetStreamAsync("/").Result;
        Task<int> read = body.ReadAsync(new byte[10], cancellation.Token).AsTask();

        _scheduler.AdvanceTo(FromSeconds(1).Ticks);
        cancellation.Cancel();
        _scheduler.Start();

        Assert.That(read.IsCanceled);
        Assert.That(() => body.ReadAsync(new byte[10]).AsTask(), Throws.TypeOf<ObjectDisposedException>());
        server.Connections.AssertEqual(ExpectedConnection(Zero, FromSeconds(1), SseClosedBy.Client));
    }

    [Test]
    public void Client_ThatWaits_HearsFromTheServerBeforeItsOwnTimer()
    {
        // Both happen at second 10, to the tick. The server's step was scheduled first.
        var server = new SseTestServer(_scheduler, OpenStream().Comment(FromSeconds(10)));
        ITestableObserver<SseSignal> observer = _scheduler.CreateObserver<SseSignal>();

        Observable.FromSseSignals(
            server.CreateClient(), "/",
            new SseOptions { IdleTimeout = FromSeconds(10), Reconnection = SseReconnection.Never },
            _scheduler).Subscribe(observer);
        _scheduler.Start();

        Assert.That(observer.Messages[^2].Value.Value, Is.EqualTo(new SseComment { Text = "" }));
        Assert.That(observer.Messages[^1].Time, Is.EqualTo(FromSeconds(20).Ticks));
    }

    [Test]
    public void Client_ThatCancelsBeforeItSends_SendsNothing()
    {
        var server = new SseTestServer(_scheduler, OpenStream());

        Assert.That(
            () => server.CreateClient().GetStreamAsync("/", new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

        server.Requests.AssertEqual();
    }

    [Test]
    public void Client_ThatCancelsAfterTheHeaders_StillReads()
    {
        var server = new SseTestServer(_scheduler, OpenStream().Send(FromSeconds(1), "a"));
        using var cancellation = new CancellationTokenSource();
        Stream body = server.CreateClient().GetStreamAsync("/", cancellation.Token).Result;

        cancellation.Cancel();
        _scheduler.Start();

        Assert.That(body.ReadAsync(new byte[10]).AsTask().Result, Is.EqualTo(1));
        server.Connections.AssertEqual(ExpectedConnection(Zero));
    }

    [Test]
    public void Client_ThatClosesTheResponse_GetsNothingMore([Values] bool serverHasEnded)
    {
        SseResponseScript script = OpenStream().Send(Zero, "there already");
        var server = new SseTestServer(_scheduler, serverHasEnded ? script.Close(Zero) : script);
        Stream body = server.CreateClient().GetStreamAsync("/").Result;

        body.Dispose();

        Assert.That(() => body.ReadAsync(new byte[10]).AsTask(), Throws.TypeOf<ObjectDisposedException>());
        server.Connections.AssertEqual(
            ExpectedConnection(Zero, Zero, serverHasEnded ? SseClosedBy.Server : SseClosedBy.Client));
    }

    [Test]
    public void Client_ThatLeavesBetweenStepsOfOneTick_SeesNoMoreOfThem()
    {
        var server = new SseTestServer(
            _scheduler, OpenStream()
                .InChunksOf(9)
                .Send(FromSeconds(1), "data: a\n\ndata: b\n\n")
                .Event(FromSeconds(1), "c")
                .Close(FromSeconds(1)));
        var seen = new List<string>();

        using IDisposable subscription = Observable.FromSse(server.CreateClient(), "/", null, _scheduler)
            .Select(e => e.Data)
            .Take(1)
            .Subscribe(seen.Add);
        _scheduler.Start();

        Assert.That(seen, Is.EqualTo(new[] { "a" }));
        server.Connections.AssertEqual(ExpectedConnection(Zero, FromSeconds(1), SseClosedBy.Client));
    }

    [Test]
    public void Clients_AreManyAndOutlivedByTheServer()
    {
        var server = new SseTestServer(
            _scheduler, OpenStream().Send(Zero, "a").Close(Zero), OpenStream().Send(Zero, "b").Close(Zero));

        foreach (string expected in new[] { "a", "b" })
        {
            using HttpClient client = server.CreateClient();
            Assert.That(client.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
            Assert.That(client.GetStringAsync("/").Result, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Body_WithTwoReaders_IsRefused()
    {
        Stream body = new SseTestServer(_scheduler, OpenStream()).CreateClient().GetStreamAsync("/").Result;
        _ = body.ReadAsync(new byte[1]).AsTask();

        Assert.That(() => body.ReadAsync(new byte[1]).AsTask(), Throws.InvalidOperationException);
    }

    [Test]
    public void Body_IsForReadingFromStartToEndAlone()
    {
        Stream body = new SseTestServer(_scheduler, OpenStream()).CreateClient().GetStreamAsync("/").Result;

        Assert.That((body.CanRead, body.CanSeek, body.CanWrite), Is.EqualTo((true, false, false)));
        Assert.That(() => body.Length, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => body.Position, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => body.Position = 0, Throws.TypeOf<NotSupportedException>());
        Assert.That(() => body.Seek(0, SeekOrigin.Begin), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => body.SetLength(0), Throws.TypeOf<NotSupportedException>());
        Assert.That(() => body.Write([]), Throws.TypeOf<NotSupportedException>());
    }

    [Test]
    public void Body_ReadSynchronously_IsRefused()
    {
        var server = new SseTestServer(_scheduler, OpenStream());

        Assert.That(
            () => server.CreateClient().GetStreamAsync("/").Result.Read(new byte[1], 0, 1),
            Throws.TypeOf<NotSupportedException>());
    }
}
