using System.Text;
using Microsoft.Reactive.Testing;
using Polly;
using Polly.CircuitBreaker;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Streams;

/// <summary>What an error says about the connection: whether there was one, and what it delivered.</summary>
internal sealed class ConnectionErrorTests
{
    private const string Address = "http://localhost/stream";
    private const string Hint = "Unless these were only comments, the body most likely is no event stream.";

    private static readonly SseOptions Never = new() { Reconnection = SseReconnection.Never };

    [Test]
    public void FromSse_Refused_CouldNotConnect()
    {
        var error = ErrorAfter<SseConnectionException>(Refuse());

        Assert.That(error.Message, Is.EqualTo($"Could not connect to {Address}: Connection refused"));
        Assert.That((error.ByteCount, error.EventCount), Is.EqualTo(((long?)null, (long?)null)));
    }

    [TestCase("", 0, 0, "0 bytes and 0 events")]
    [TestCase(":", 1, 0, "1 byte and 0 events")]
    [TestCase("data: a\n\ndata: b", 16, 1, "16 bytes and 1 event")]
    [TestCase("data: a\n\ndata: b\n\n: c\n", 22, 2, "22 bytes and 2 events")]
    public void FromSse_Drop_ReportsTheCountsOfTheConnection(string text, int bytes, int events, string words)
    {
        var error = ErrorAfter<SseConnectionException>(OpenStream().Send(Zero, text).Reset(FromSeconds(1)));

        Assert.That(
            error.Message, Is.EqualTo($"The connection to {Address} was lost after {words}: Connection reset by peer"));
        Assert.That((error.ByteCount, error.EventCount), Is.EqualTo(((long?)bytes, (long?)events)));
    }

    [Test]
    public void FromSseSignals_SeveralConnections_ReportTheirCounts()
    {
        List<(double Time, object Signal)> seen = Story.SignalsUntil(
            60,
            new SseOptions { Reconnection = Story.WithoutJitter },
            OpenStream().Send(Zero, "data: a\n\n").Send(FromSeconds(1), "data: b\n\n").Reset(FromSeconds(2)),
            Refuse(),
            OpenStream().Send(Zero, "data: c\n\n").Reset(FromSeconds(1)),
            OpenStream().Send(Zero, "<html>").Close(FromSeconds(1)),
            OpenStream());

        Assert.That(seen.Select(e => e.Signal).OfType<SseDisconnected>().Select(d => d.Reason.Message), Is.EqualTo(new[]
        {
            $"The connection to {Address} was lost after 18 bytes and 2 events: Connection reset by peer",
            $"Could not connect to {Address}: Connection refused",
            $"The connection to {Address} was lost after 9 bytes and 1 event: Connection reset by peer",
            $"The server ended the response after 6 bytes without an event. {Hint} ({Address})",
        }));
    }

    /// <summary>The connection was lost earlier. The circuit breaker rejects the next one.</summary>
    [Test]
    public void FromSse_CircuitOpenAfterALoss_CouldNotConnect()
    {
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with
            {
                ShouldHandle = args => new(args.Outcome.Exception is IOException),
                ConfigureAttempt = builder => builder.AddStrategy(_ => new OpenCircuit(), new Settings()),
            },
        };

        SseScript lost = OpenStream().Send(Zero, "data: a\n\n").Reset(FromSeconds(1));
        var error = ErrorAfter<SseConnectionException>(options, lost);

        Assert.That(error.InnerException, Is.TypeOf<BrokenCircuitException>());
        Assert.That(error.Message, Does.StartWith($"Could not connect to {Address}: "));
        Assert.That(error.ByteCount, Is.Null);
    }

    [TestCase("", 0, 0)]
    [TestCase("data: a\n\n: b", 12, 1)]
    public void FromSse_EndOfStream_HasTheCountsOfTheConnection(string text, int bytes, int events)
    {
        var error = ErrorAfter<SseEndOfStreamException>(
            Never with { EndOfStream = SseEndOfStream.Fail }, OpenStream().Send(Zero, text).Close(FromSeconds(1)));

        Assert.That((error.ByteCount, error.EventCount), Is.EqualTo(((long)bytes, (long)events)));
        Assert.That(error.Message, Is.EqualTo($"The server ended the event stream. ({Address})"));
    }

    [TestCase("{\"error\":1}", "11 bytes")]
    [TestCase("{", "1 byte")]
    [TestCase("data: a", "7 bytes")]
    public void FromSse_EndWithoutAnEvent_SaysThatItIsNoEventStream(string text, string bytes)
    {
        var error = ErrorAfter<SseEndOfStreamException>(
            Never with { EndOfStream = SseEndOfStream.Fail }, OpenStream().Send(Zero, text).Close(FromSeconds(1)));

        Assert.That(error.Message, Is.EqualTo(
            $"The server ended the response after {bytes} without an event. {Hint} ({Address})"));
        Assert.That(error.EventCount, Is.Zero);
    }

    /// <summary>An event that is dispatched at the end counts as an event of the connection.</summary>
    [Test]
    public void FromSse_UnterminatedEvent_CountsAsAnEvent()
    {
        var error = ErrorAfter<SseEndOfStreamException>(
            Never with { EndOfStream = SseEndOfStream.Fail, DispatchUnterminatedEvent = true },
            OpenStream().Send(Zero, "data: a").Close(FromSeconds(1)));

        Assert.That((error.ByteCount, error.EventCount), Is.EqualTo((7L, 1L)));
    }

    [Test]
    public void ShouldHandle_EndOfStream_HasTheCountsOfTheConnection()
    {
        var seen = new List<(long, long)>();
        var options = new SseOptions
        {
            Reconnection = Story.WithoutJitter with
            {
                ShouldHandle = args =>
                {
                    if (args.Outcome.Exception is SseEndOfStreamException end)
                        seen.Add((end.ByteCount, end.EventCount));
                    return new(false);
                },
            },
        };

        Story.Begin(options, OpenStream().Send(Zero, "data: a\n\n").Close(FromSeconds(1))).ToTheEnd();

        Assert.That(seen, Is.EqualTo(new[] { (9L, 1L) }));
    }

    [Test]
    public void ToSseObservable_BodyThatIsNoEventStream_SaysSo()
    {
        Exception? error = null;
        var body = new MemoryStream(Encoding.UTF8.GetBytes("<html>"));

        using IDisposable subscription = body
            .ToSseObservable(new SseOptions { EndOfStream = SseEndOfStream.Fail })
            .Subscribe(_ => { }, thrown => error = thrown);

        Assert.That(error!.Message, Is.EqualTo(
            $"The server ended the response after 6 bytes without an event. {Hint}"));
    }

    [Test]
    public void ToSseObservable_BodyFails_ReportsItsCounts()
    {
        var scheduler = new TestScheduler();
        Stream body = new SseTestServer(scheduler, OpenStream().Event(Zero, "a").Reset(FromSeconds(1)))
            .CreateClient().GetStreamAsync(Story.Path).Result;
        Exception? error = null;

        using IDisposable subscription = body.ToSseObservable(null, scheduler)
            .Subscribe(_ => { }, thrown => error = thrown);
        scheduler.Start();

        Assert.That(
            error!.Message, Is.EqualTo("The connection was lost after 9 bytes and 1 event: Connection reset by peer"));
    }

    [Test]
    public void Constructors_InATest_SimulateTheFailure()
    {
        Assert.That(new SseEndOfStreamException().Message, Is.EqualTo("The server ended the event stream."));
        Assert.That(new SseEndOfStreamException(5, 0).Message, Does.Contain("5 bytes without an event"));
        var lost = new SseConnectionException("why", new IOException()) { ByteCount = 1, EventCount = 2 };
        Assert.That(lost.Message, Is.EqualTo("why"));
    }

    private static T ErrorAfter<T>(SseScript script)
        where T : SseException => ErrorAfter<T>(Never, script);

    private static T ErrorAfter<T>(SseOptions options, SseScript script)
        where T : SseException
    {
        Exception? error = Story.Begin(options, script).ToTheEnd().Error;
        Assert.That(error, Is.TypeOf<T>());
        return (T)error!;
    }

    /// <summary>Lets only the first connection through.</summary>
    private sealed class OpenCircuit : ResilienceStrategy<HttpResponseMessage>
    {
        private int _attempts;

        protected override ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
            ResilienceContext context,
            TState state) =>
            _attempts++ == 0
                ? callback(context, state)
                : new(Outcome.FromException<HttpResponseMessage>(new BrokenCircuitException()));
    }

    private sealed class Settings : ResilienceStrategyOptions;
}
