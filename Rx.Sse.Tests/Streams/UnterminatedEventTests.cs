using System.Reactive;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>What happens to an event without a blank line at the end of a stream.</summary>
internal sealed class UnterminatedEventTests : ReactiveTest
{
    private const string Cut = "id: 1\ndata: a\n\nid: 2\ndata: b";

    private static readonly SseOptions Options = new()
    {
        DispatchUnterminatedEvent = true,
        Reconnection = Story.WithoutJitter,
    };

    private static readonly SseScript CutOff = OpenStream().Send(FromSeconds(1), Cut).Close(FromSeconds(2));

    [Test]
    public void FromSse_Complete_DispatchesItBeforeTheEnd()
    {
        Story story = Story.Begin(Options with { EndOfStream = SseEndOfStream.Complete }, CutOff).ToTheEnd();

        story.Observer.Messages.AssertEqual(
            OnNext(FromSeconds(1).Ticks, new SseEvent { Id = "1", Data = "a" }),
            OnNext(FromSeconds(2).Ticks, new SseEvent { Id = "2", Data = "b" }),
            OnCompleted<SseEvent>(FromSeconds(2).Ticks));
    }

    [Test]
    public void FromSse_Fail_DispatchesItBeforeTheError()
    {
        Story story = Story.Begin(Options with { EndOfStream = SseEndOfStream.Fail }, CutOff).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (2.0, "b") }));
        Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>());
    }

    [Test]
    public void FromSse_Post_DispatchesItBeforeTheCompletion()
    {
        Story story = Story.Begin(SseRequest.Post(Story.Path, () => new StringContent("")), Options, CutOff).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (2.0, "b") }));
        Assert.That(story.HasCompleted);
    }

    /// <summary>The policy decides only after the end of the stream, when the event is still available.</summary>
    [Test]
    public void FromSse_PolicyThatDeclinesTheEnd_DispatchesItBeforeTheCompletion([Values] bool toldToReconnect)
    {
        Story story = Story.Begin(
            Options with
            {
                Reconnection = SseReconnection.Never,
                EndOfStream = toldToReconnect ? SseEndOfStream.Reconnect : null,
            },
            CutOff).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (2.0, "b") }));
        Assert.That(story.HasCompleted);
    }

    [Test]
    public void FromSse_PostThatMayNotBeSentAgain_DispatchesItBeforeTheError()
    {
        Story story = Story.Begin(
            SseRequest.Post(Story.Path, () => new StringContent("")),
            Options with { EndOfStream = SseEndOfStream.Reconnect },
            CutOff).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a"), (2.0, "b") }));
        Assert.That(story.Error, Is.TypeOf<SseEndOfStreamException>());
    }

    [TestCase(null)]
    [TestCase(SseEndOfStream.Reconnect)]
    public void FromSse_EndThatReconnects_DropsItAndItsId(SseEndOfStream? endOfStream)
    {
        Story story = Story.Begin(Options with { EndOfStream = endOfStream }, CutOff, OpenStream()).Until(10);

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a") }));
        Assert.That(story.LastEventIds, Is.EqualTo(new[] { "", "1" }));
    }

    [TestCase(SseEndOfStream.Complete)]
    [TestCase(SseEndOfStream.Fail)]
    public void FromSse_Drop_DispatchesNothing(SseEndOfStream endOfStream)
    {
        SseScript reset = OpenStream().Send(Zero, Cut).Reset(FromSeconds(1));
        Story story = Story.Begin(
            Options with { EndOfStream = endOfStream, Reconnection = SseReconnection.Never }, reset).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (0.0, "a") }));
        Assert.That(story.Error, Is.TypeOf<SseConnectionException>());
    }

    [Test]
    public void FromSse_OptionNotSet_DropsIt()
    {
        Story story = Story.Begin(new SseOptions { EndOfStream = SseEndOfStream.Complete }, CutOff).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a") }));
        Assert.That(story.HasCompleted);
    }

    [Test]
    public void FromSse_SelectorThrowsOnIt_FailsWithWhatItThrew()
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, CutOff).CreateClient();
        ITestableObserver<string> observer = scheduler.CreateObserver<string>();
        var options = Options with { EndOfStream = SseEndOfStream.Complete };
        SseSelector<string> selector = e => e.Data.SequenceEqual("b"u8) ? throw new FormatException() : "fine";

        using IDisposable subscription = Observable
            .FromSse(client, Story.Path, selector, options, scheduler).Subscribe(observer);
        scheduler.Start();

        observer.Messages.AssertEqual(
            OnNext(FromSeconds(1).Ticks, "fine"),
            OnError<string>(FromSeconds(2).Ticks, error => error is FormatException));
    }

    [Test]
    public void FromSse_ObserverDisposesOnIt_DeliversNoMore()
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, CutOff).CreateClient();
        var options = Options with { EndOfStream = SseEndOfStream.Complete };
        var seen = new List<object>();
        using var subscription = new SingleAssignmentDisposable();

        subscription.Disposable = Observable.FromSse(client, Story.Path, options, scheduler).Subscribe(
            e =>
            {
                seen.Add(e.Data);
                if (e.Data == "b")
                    subscription.Dispose();
            },
            seen.Add,
            () => seen.Add("completed"));
        scheduler.Start();

        Assert.That(seen, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void ToSseObservable_EndOfTheStream_DispatchesIt() =>
        Assert.That(
            new MemoryStream(Encoding.UTF8.GetBytes("data: a\r")).ToSseObservable(Options).ToEnumerable(),
            Is.EqualTo(new[] { new SseEvent { Data = "a" } }));

    [Test]
    public void ParseSse_SourceCompletes_DispatchesItBeforeTheCompletion() =>
        Assert.That(ParsedUntil(source => source.OnCompleted()), Is.EqualTo(new[] { "a", "b", "completed" }));

    [Test]
    public void ParseSse_SourceFails_DispatchesNothing() =>
        Assert.That(
            ParsedUntil(source => source.OnError(new FormatException("odd"))), Is.EqualTo(new[] { "a", "odd" }));

    /// <summary>The parser is busy at that time, and the observer has already received the event.</summary>
    [Test]
    public void ParseSse_SourceCompletesWithinOnNext_DispatchesNothingMore()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var seen = new List<string>();
        using IDisposable subscription = source.ParseSse(Options).Subscribe(
            e =>
            {
                seen.Add(e.Data);
                source.OnCompleted();
            },
            () => seen.Add("completed"));

        source.OnNext(Encoding.UTF8.GetBytes(Cut));

        Assert.That(seen, Is.EqualTo(new[] { "a", "completed" }));
    }

    [Test]
    public void ParseSse_ObserverThrowsOnIt_PassesItToTheSourceAndReturnsTheBuffer()
    {
        using var buffers = new BufferCensus();
        using var source = new Subject<ReadOnlyMemory<byte>>();
        int ends = 0;
        using IDisposable subscription = source.ParseSse(Options).Subscribe(
            e => throw new FormatException(), _ => ends++, () => ends++);

        source.OnNext(Encoding.UTF8.GetBytes("data: b"));
        Assert.That(source.OnCompleted, Throws.TypeOf<FormatException>());

        Assert.That(ends, Is.Zero);
        Assert.That(buffers.Rented, Is.Positive);
        Assert.That(buffers.Outstanding, Is.Zero);
    }

    [Test]
    public void ParseSse_SelectorThrowsOnIt_FailsWithWhatItThrew()
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var seen = new List<string>();
        using IDisposable subscription = source.ParseSse<int>(_ => throw new FormatException("odd"), Options).Subscribe(
            _ => seen.Add("next"), error => seen.Add(error.Message), () => seen.Add("completed"));

        source.OnNext(Encoding.UTF8.GetBytes("data: b"));
        source.OnCompleted();

        Assert.That(seen, Is.EqualTo(new[] { "odd" }));
    }

    private static List<string> ParsedUntil(Action<IObserver<ReadOnlyMemory<byte>>> end)
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var seen = new List<string>();
        using IDisposable subscription = source.ParseSse(Options).Subscribe(
            e => seen.Add(e.Data), error => seen.Add(error.Message), () => seen.Add("completed"));
        source.OnNext(Encoding.UTF8.GetBytes(Cut));
        end(source);
        return seen;
    }
}
