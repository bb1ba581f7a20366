using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests;

internal sealed record Tick(string Symbol, decimal Price);

[JsonSerializable(typeof(Tick))]
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
internal sealed partial class TickJson : JsonSerializerContext;

/// <summary>Streams of values that a selector creates from the bytes.</summary>
internal sealed class TypedTests
{
    private const string TwoTicks =
        "data: {\"symbol\":\"A\",\"price\":1.5}\n\nevent: x\nid: 3\ndata: {\"symbol\":\"B\",\ndata: \"price\":2}\n\n";

    [Test]
    public void FromSse_Selector_ReadsJsonFromTheBytes() =>
        Assert.That(
            Receive(e => JsonSerializer.Deserialize(e.Data, TickJson.Default.Tick), OpenStream().Send(Zero, TwoTicks)),
            Is.EqualTo(new[] { new Tick("A", 1.5m), new Tick("B", 2) }));

    [Test]
    public void FromSse_Selector_SeesEveryField()
    {
        string input = "id: 1\nretry: 5\ndata: a\n\nevent: é\ndata: b\n\nevent\nid\ndata: c\n\n";

        Assert.That(
            Receive(
                e => string.Join(
                    '|', e.HasEvent, Text(e.Event), Text(e.EventType), Text(e.Data), e.HasId, Text(e.Id),
                    Text(e.LastEventId), e.Retry?.TotalMilliseconds),
                OpenStream().Send(Zero, input)),
            Is.EqualTo(new[] { "False||message|a|True|1|1|5", "True|é|é|b|False||1|", "True||message|c|True|||" }));
    }

    [TestCase("data: a", "message")]
    [TestCase("event\ndata: a", "message")]
    [TestCase("event: price\ndata: a", "price")]
    public void IsType_EventField_IsComparedAsBrowsersDispatchIt(string block, string type)
    {
        var seen = new List<bool>();

        using IDisposable subscription = Observable
            .Return<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($"{block}\n\n"))
            .ParseSse(e => e.IsType(Encoding.UTF8.GetBytes(type)))
            .Subscribe(seen.Add);
        using IDisposable others = Observable
            .Return<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes($"{block}\n\n"))
            .ParseSse(e => e.IsType(""u8) || e.IsType("Price"u8) || e.IsType("prices"u8) || e.IsType("Message"u8))
            .Subscribe(seen.Add);

        Assert.That(seen, Is.EqualTo(new[] { true, false }));
        Assert.That(default(SseUtf8Event).IsType("message"u8));
    }

    [Test]
    public void FromSse_SelectorThrows_EndsTheStreamWithThatErrorAndNoReconnect()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler, OpenStream().Send(FromSeconds(1), "data: 1\n\ndata: x\n\ndata: 2\n\n"));
        using HttpClient client = server.CreateClient();
        ITestableObserver<int> observer = scheduler.CreateObserver<int>();

        using IDisposable subscription = Observable
            .FromSse(client, Story.Path, e => int.Parse(e.Data, provider: null), null, scheduler).Subscribe(observer);
        scheduler.Start();

        long second = FromSeconds(1).Ticks;
        observer.Messages.AssertEqual(
            ReactiveTest.OnNext(second, 1),
            ReactiveTest.OnError<int>(second, error => error is FormatException));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
        Assert.That(server.OpenConnectionCount, Is.Zero);
    }

    [Test]
    public void FromSse_SelectorThatReturnsNullForABadEvent_SkipsIt() =>
        Assert.That(
            Receive(
                e => int.TryParse(e.Data, out int value) ? value : (int?)null,
                OpenStream().Send(Zero, "data: 1\n\ndata: x\n\ndata: 2\n\n"))
                .Where(value => value is not null),
            Is.EqualTo(new[] { 1, 2 }));

    [Test]
    public void FromSse_TypedWithComments_IgnoresThemAndCompletes()
    {
        var scheduler = new TestScheduler();
        string input = ": a comment before a block that a chunk brings whole\ndata: 1\n\ndata: 2\n: and one within\n\n";
        using HttpClient client = Story.Serve(scheduler, OpenStream().Send(Zero, input).Close(FromSeconds(1)))
            .CreateClient();
        ITestableObserver<int> observer = scheduler.CreateObserver<int>();

        using IDisposable subscription = Observable
            .FromSse(
                client,
                Story.Path,
                e => int.Parse(e.Data, provider: null),
                new SseOptions { EndOfStream = SseEndOfStream.Complete },
                scheduler)
            .Subscribe(observer);
        scheduler.Start();

        observer.Messages.AssertEqual(
            ReactiveTest.OnNext(0, 1), ReactiveTest.OnNext(0, 2), ReactiveTest.OnCompleted<int>(FromSeconds(1).Ticks));
    }

    [Test]
    public void FromSse_TypedAcrossADrop_ResumesAfterTheLastEvent()
    {
        var scheduler = new TestScheduler();
        SseTestServer server = Story.Serve(
            scheduler,
            OpenStream().Send(Zero, "id: 1\ndata: a\n\nid: 2\n\nid: 3\ndata").Reset(FromSeconds(1)),
            OpenStream());
        using HttpClient client = server.CreateClient();

        using IDisposable subscription = Observable
            .FromSse(
                client,
                Story.Path,
                e => e.Data.Length,
                new SseOptions { Reconnection = Story.WithoutJitter },
                scheduler)
            .Subscribe(_ => { });
        scheduler.AdvanceTo(FromSeconds(10).Ticks);

        Assert.That(
            server.Requests,
            Is.EqualTo(new[] { ExpectedGet(Zero, Story.Path), ExpectedGet(FromSeconds(4), Story.Path, "2") }));
    }

    [Test]
    public void ParseSse_SelectorThatDisposes_DeliversNoMore()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        IDisposable? subscription = null;
        int received = 0;
        subscription = source.ParseSse(e =>
        {
            subscription!.Dispose();
            return e.Data.Length;
        }).Subscribe(_ => received++);

        source.OnNext("data: a\n\n"u8.ToArray());

        Assert.That(received, Is.Zero);
    }

    [Test]
    public void ParseSse_Selector_IsCalledForEveryEvent()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        List<Tick?> ticks = [];
        using IDisposable subscription = source.ParseSse(e => JsonSerializer.Deserialize(e.Data, TickJson.Default.Tick))
            .Subscribe(ticks.Add);

        foreach (byte value in Encoding.UTF8.GetBytes(TwoTicks))
            source.OnNext(new[] { value });

        Assert.That(ticks, Is.EqualTo(new[] { new Tick("A", 1.5m), new Tick("B", 2) }));
    }

    [Test]
    public void ParseSse_SelectorThrows_FailsAndLeavesTheSource()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        Exception? error = null;
        using IDisposable subscription = source.ParseSse<int>(_ => throw new FormatException())
            .Subscribe(_ => { }, e => error = e);

        source.OnNext("data: a\n\ndata: b\n\n"u8.ToArray());

        Assert.That(error, Is.TypeOf<FormatException>());
        Assert.That(source.HasObservers, Is.False);
    }

    private static List<T> Receive<T>(SseSelector<T> selector, SseScript answer)
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, answer).CreateClient();
        var received = new List<T>();
        using IDisposable subscription = Observable.FromSse(client, Story.Path, selector, null, scheduler)
            .Subscribe(received.Add);
        scheduler.AdvanceTo(FromSeconds(1).Ticks);
        return received;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
