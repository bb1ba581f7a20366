using System.Reactive.Linq;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Testing;

/// <summary>Which parts of the scripted server's responses arrive, and how its connections break.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class SseTestServerBodyTests
{
    private static readonly SseOptions WithoutJitter = new() { Reconnection = Story.WithoutJitter };

    private readonly TestScheduler _scheduler = new();

    [Test]
    public void Send_AnyChunking_ArrivesAsItWasSent()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream()
                .Send(FromSeconds(1), "one")
                .Send(FromSeconds(1), "two"u8)
                .Send(FromSeconds(1), "")
                .InChunksOf(2)
                .Send(FromSeconds(2), "three")
                .Close(FromSeconds(3)));

        Assert.That(ReadAll(server, bufferSize: 100), Is.EqualTo(new[] { "one", "two", "th", "re", "e" }));
    }

    [Test]
    public void Send_MoreThanTheReaderHasRoomFor_ArrivesInParts()
    {
        var server = new SseTestServer(
            _scheduler, OpenStream().Send(Zero, "abcde").Send(FromSeconds(1), "f").Close(FromSeconds(1)));

        Assert.That(ReadAll(server, bufferSize: 2), Is.EqualTo(new[] { "ab", "cd", "e", "f" }));
    }

    [Test]
    public void Reset_InTheMiddleOfACharacter_IsADropAfterWhatWasSent()
    {
        var server = new SseTestServer(
            _scheduler,
            OpenStream()
                .Event(FromSeconds(1), "a", id: "1")
                .Send(FromSeconds(2), "id: 2\ndata: é"u8[..^1])
                .Reset(FromSeconds(3)),
            OpenStream());
        var seen = new List<SseSignal>();

        Observable.FromSseSignals(server.CreateClient(), "/", WithoutJitter, _scheduler).Subscribe(seen.Add);
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);

        Assert.That(seen.OfType<SseEvent>().Select(e => e.Data), Is.EqualTo(new[] { "a" }));
        Assert.That(seen.OfType<SseDisconnected>().Single().Reason.InnerException, Is.TypeOf<IOException>());
        server.Requests.AssertEqual(ExpectedGet(Zero), ExpectedGet(FromSeconds(6), lastEventId: "1"));
    }

    [Test]
    public void Reset_CustomException_IsWhatTheReaderGets()
    {
        var mine = new IOException("mine");
        var server = new SseTestServer(
            _scheduler, OpenStream().Reset(FromSeconds(1), mine), Refuse(exception: new HttpRequestException("mine")));
        var seen = new List<Exception?>();

        using IDisposable subscription = Observable.FromSseSignals(
            server.CreateClient(), "/", WithoutJitter, _scheduler)
            .OfType<SseDisconnected>().Select(d => d.Reason.InnerException).Take(2).Subscribe(seen.Add);
        _scheduler.Start();

        Assert.That(seen[0], Is.SameAs(mine));
        Assert.That(seen[1], Is.TypeOf<HttpRequestException>().With.Message.EqualTo("mine"));
    }

    /// <summary>Not on Mono, where an exception grows each time it is thrown.</summary>
    [Test]
    [Category("NotMono")]
    public void Refuse_ExceptionThatConnectionsShare_DoesNotGrow()
    {
        var shared = new HttpRequestException("shared");
        SseTestServer server = new SseTestServer(_scheduler).Otherwise(Refuse(exception: shared));

        using IDisposable subscription = Observable.FromSse(
            server.CreateClient(), "/", WithoutJitter, _scheduler).Subscribe();
        _scheduler.AdvanceTo(FromMinutes(1).Ticks);
        int length = shared.StackTrace!.Length;
        _scheduler.AdvanceTo(FromHours(1).Ticks);

        Assert.That(server.Requests, Has.Count.GreaterThan(100));
        Assert.That(shared.StackTrace, Has.Length.LessThan(2 * length));
    }

    private List<string> ReadAll(SseTestServer server, int bufferSize)
    {
        List<string> chunks = [];
        Task reading = ReadAsync();
        _scheduler.Start();
        Assert.That(reading.IsCompletedSuccessfully);
        return chunks;

        async Task ReadAsync()
        {
            Stream body = await server.CreateClient().GetStreamAsync("/").ConfigureAwait(false);
            byte[] buffer = new byte[bufferSize];
            while (await body.ReadAsync(buffer).ConfigureAwait(false) is > 0 and int count)
                chunks.Add(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
