using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using Microsoft.Reactive.Testing;

namespace Rx.Sse.Tests;

internal sealed class ParseSseTests : ReactiveTest
{
    [Test]
    public void ParseSse_ChunksInVirtualTime_EventsComeWithTheirLastByte()
    {
        var scheduler = new TestScheduler();
        ITestableObservable<ReadOnlyMemory<byte>> chunks = scheduler.CreateHotObservable(
            OnNext(210, Chunk("data: a\n")),
            OnNext(220, Chunk("")),
            OnNext(230, Chunk("\ndata: b\r\n\r")),
            OnNext(240, Chunk("\nid: 1\nevent: x\nda")),
            OnNext(250, Chunk("ta: c\n\ndata: unfinished")),
            OnCompleted<ReadOnlyMemory<byte>>(260));

        ITestableObserver<SseEvent> result = scheduler.Start(() => chunks.ParseSse());

        result.Messages.AssertEqual(
            OnNext(230, new SseEvent { Data = "a" }),
            OnNext(230, new SseEvent { Data = "b" }),
            OnNext(250, new SseEvent { Data = "c", Id = "1", Event = "x", LastEventId = "1" }),
            OnCompleted<SseEvent>(260));
        chunks.Subscriptions.AssertEqual(Subscribe(200, 260));
    }

    [Test]
    public void ParseSse_LastEventId_IsThatOfEventsUntilTheStreamHasOne()
    {
        IObservable<ReadOnlyMemory<byte>> source = Observable.Return(Chunk("data: a\n\nid: 2\ndata: b\n\n"));
        var options = new SseOptions { LastEventId = "1" };

        Assert.That(source.ParseSse(options).ToEnumerable().Select(e => e.LastEventId), Is.EqualTo(new[] { "1", "2" }));
        Assert.That(
            source.ParseSse(e => Encoding.UTF8.GetString(e.LastEventId), options).ToEnumerable(),
            Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public void ParseSse_SourceFails_PassesTheErrorOn()
    {
        var scheduler = new TestScheduler();
        var error = new FormatException();
        ITestableObservable<ReadOnlyMemory<byte>> chunks = scheduler.CreateHotObservable(
            OnNext(210, Chunk("data: a\n\ndata: b")),
            OnError<ReadOnlyMemory<byte>>(220, error));

        scheduler.Start(() => chunks.ParseSse()).Messages.AssertEqual(
            OnNext(210, new SseEvent { Data = "a" }),
            OnError<SseEvent>(220, error));
    }

    [Test]
    public void ParseSse_SourceThrowsInSubscribe_PassesItOnAsAnError()
    {
        var error = new FormatException();
        var seen = new List<object>();

        using IDisposable subscription = new FaultySource(error, "data: a\n\ndata: b")
            .ParseSse().Subscribe(e => seen.Add(e.Data), seen.Add);

        Assert.That(seen, Is.EqualTo(new object[] { "a", error }));
    }

    /// <summary>The exception is the observer's own, so it is passed to the source and not to <c>OnError</c>.</summary>
    [Test]
    public void ParseSse_ObserverThrowsWithinSubscribe_PassesItToTheSource()
    {
        var source = new FaultySource(new FormatException(), "data: a\n\n");
        int errors = 0;

        Assert.That(
            () => source.ParseSse().Subscribe(_ => throw new InvalidCastException(), _ => errors++),
            Throws.TypeOf<InvalidCastException>());
        Assert.That(errors, Is.Zero);
    }

    /// <summary>As with <c>Observable.Create</c>: after the end, <c>Subscribe</c> throws.</summary>
    [Test]
    public void ParseSse_ObserverThrowsAtTheEndWithinSubscribe_PassesItToTheCaller([Values] bool isError)
    {
        IObservable<ReadOnlyMemory<byte>> source = isError
            ? Observable.Throw<ReadOnlyMemory<byte>>(new FormatException())
            : Observable.Empty<ReadOnlyMemory<byte>>();

        Assert.That(
            () => source.ParseSse().Subscribe(
                _ => { }, _ => throw new InvalidCastException(), () => throw new InvalidCastException()),
            Throws.TypeOf<InvalidCastException>());
    }

    [Test]
    public void ParseSse_EventTooLarge_FailsAndLeavesTheSource()
    {
        var scheduler = new TestScheduler();
        ITestableObservable<ReadOnlyMemory<byte>> chunks = scheduler.CreateHotObservable(
            OnNext(210, Chunk("data: a\n\ndata: 0123456789")),
            OnNext(220, Chunk("\n\ndata: b\n\n")));

        var options = new SseOptions { MaxEventSize = 10 };
        ITestableObserver<SseEvent> result = scheduler.Start(() => chunks.ParseSse(options));

        result.Messages.AssertEqual(
            OnNext(210, new SseEvent { Data = "a" }),
            OnError<SseEvent>(210, error => error is SseLimitException { MaxEventSize: 10 }));
        chunks.Subscriptions.AssertEqual(Subscribe(200, 210));
    }

    [Test]
    public void ParseSse_DisposedWithinOnNext_DeliversNoMore()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        var received = new List<string>();
        using IDisposable subscription = source.ParseSse().Take(1).Subscribe(e => received.Add(e.Data));

        source.OnNext(Chunk("data: a\n\ndata: b\n\n"));

        Assert.That(received, Is.EqualTo(new[] { "a" }));
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void ParseSse_ObserverThrows_PassesItToTheSourceAndLeaves()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse().Subscribe(_ => throw new FormatException());

        Assert.That(() => source.OnNext(Chunk("data: a\n\ndata: b\n\n")), Throws.TypeOf<FormatException>());
        Assert.That(source.HasObservers, Is.False);
    }

    [Test]
    public void ParseSse_LeftInTheMiddleOfAnEvent_GivesItsBufferBack([Values] bool withinOnNext)
    {
        using var buffers = new BufferCensus();
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using var subscription = new SingleAssignmentDisposable();
        subscription.Disposable = source.ParseSse().Subscribe(_ =>
        {
            if (withinOnNext)
                subscription.Dispose();
        });

        source.OnNext(Chunk("data: a\nretry: 1\n\ndata: cut o"));
        subscription.Dispose();

        Assert.That(buffers.Rented, Is.Positive);
        Assert.That(buffers.Outstanding, Is.Zero);
    }

    [Test]
    public void ParseSse_SourceEndsWithinOnNext_CompletesAndGivesItsBufferBack()
    {
        using var buffers = new BufferCensus();
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var seen = new List<object>();
        source.ParseSse().Subscribe(
            e =>
            {
                seen.Add(e);
                source.OnCompleted();
            },
            () => seen.Add("completed"));

        source.OnNext(Chunk("data: cut o"));
        source.OnNext(Chunk("ff\n\ndata: too late\n\ndata: cut o"));

        Assert.That(seen, Is.EqualTo(new object[] { new SseEvent { Data = "cut off" }, "completed" }));
        Assert.That(buffers.Rented, Is.Positive);
        Assert.That(buffers.Outstanding, Is.Zero);
    }

    [Test]
    public void ParseSse_SourceThatContinuesAfterDisposal_IsIgnored()
    {
        var source = new Unstoppable();
        var seen = new List<object>();
        IDisposable subscription = source.ParseSse().Subscribe(seen.Add, seen.Add, () => seen.Add("completed"));
        source.Observer.OnNext(Chunk("data: a\n\ndata: "));

        subscription.Dispose();
        source.Observer.OnNext(Chunk("b\n\n"));
        source.Observer.OnError(new FormatException());
        source.Observer.OnCompleted();

        Assert.That(seen, Is.EqualTo(new[] { new SseEvent { Data = "a" } }));
    }

    [Test]
    public void ParseSse_SynchronousSource_IsReadToItsEnd() =>
        Assert.That(
            Encoding.UTF8.GetBytes("id: 1\ndata: a\n\ndata: b\n\n")
                .ToObservable()
                .Select(value => new ReadOnlyMemory<byte>([value]))
                .ParseSse()
                .ToEnumerable(),
            Is.EqualTo(
                new[]
                {
                    new SseEvent { Data = "a", Id = "1", LastEventId = "1" },
                    new SseEvent { Data = "b", LastEventId = "1" },
                }));

    [Test]
    public void ParseSse_TwoSubscriptions_HaveSeparateParsers()
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        IObservable<SseEvent> events = source.ParseSse();
        List<SseEvent> first = [], second = [];

        using (events.Subscribe(first.Add))
        {
            source.OnNext(Chunk("id: 1\ndata: a"));
            using (events.Subscribe(second.Add))
                source.OnNext(Chunk("\ndata: b\n\n"));
        }

        Assert.That(first, Is.EqualTo(new[] { new SseEvent { Data = "a\nb", Id = "1", LastEventId = "1" } }));
        Assert.That(second, Is.EqualTo(new[] { new SseEvent { Data = "b" } }));
    }

    /// <summary>Calls its observer at any time, as sources may do that are not built from Rx's operators.</summary>
    private sealed class Unstoppable : IObservable<ReadOnlyMemory<byte>>
    {
        public IObserver<ReadOnlyMemory<byte>> Observer { get; private set; } = null!;

        public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
        {
            Observer = observer;
            return Disposable.Empty;
        }
    }

    /// <summary>Pushes some bytes during Subscribe, and then throws.</summary>
    private sealed class FaultySource(Exception error, string text) : IObservable<ReadOnlyMemory<byte>>
    {
        public IDisposable Subscribe(IObserver<ReadOnlyMemory<byte>> observer)
        {
            observer.OnNext(Chunk(text));
            throw error;
        }
    }

    private static ReadOnlyMemory<byte> Chunk(string text) => Encoding.UTF8.GetBytes(text);
}
