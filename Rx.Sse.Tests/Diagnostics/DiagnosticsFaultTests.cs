using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reactive.Concurrency;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>Faulty loggers and listeners.</summary>
internal sealed class DiagnosticsFaultTests
{
    [Test]
    public void Logger_Throws_MakesNoDifference([Values] bool alsoWhenAsked)
    {
        Story story = Story.Begin(
            new SseOptions { Logger = new ThrowingLogger(alsoWhenAsked), Reconnection = Story.WithoutJitter },
            Refuse(),
            OpenStream().Event(Zero, "a").Reset(FromSeconds(1)),
            Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (3.0, "a") }));
        Assert.That(story.HasCompleted);
    }

    [TestCase("rx.sse.connection.active", 4)]
    [TestCase("rx.sse.connection.duration", 2)]
    [TestCase("rx.sse.connection.received", 2)]
    [TestCase("rx.sse.events", 2)]
    [TestCase("rx.sse.reconnects", 3)]
    [TestCase("rx.sse.outage.duration", 2)]
    public void Meter_ListenerThrows_MakesNoDifference(string name, int callCount)
    {
        var callback = new ThrowingCallback();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "Rx.Sse" && instrument.Name == name)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.EndWithDispose();
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => callback.Call());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => callback.Call());
        listener.Start();

        AssertThatAllIsDelivered();

        Assert.That(callback.CallCount, Is.EqualTo(callCount));
    }

    [TestCase(nameof(ActivityListener.Sample))]
    [TestCase(nameof(ActivityListener.ActivityStarted))]
    [TestCase(nameof(ActivityListener.ActivityStopped))]
    public void Activity_ListenerThrows_MakesNoDifference(string name)
    {
        var callback = new ThrowingCallback();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                CallIf(nameof(ActivityListener.Sample));
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => CallIf(nameof(ActivityListener.ActivityStarted)),
            ActivityStopped = _ => CallIf(nameof(ActivityListener.ActivityStopped)),
        };
        ActivitySource.AddActivityListener(listener);

        AssertThatAllIsDelivered();

        Assert.That(callback.CallCount, Is.EqualTo(4));
        Assert.That(Activity.Current, Is.Null);

        void CallIf(string called)
        {
            if (called == name)
                callback.Call();
        }
    }

    [Test]
    public void Activity_ListenerThrowsAtTheStart_StillSeesItStop()
    {
        var thread = Thread.CurrentThread;
        int stopCount = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => new ThrowingCallback().Call(),
            ActivityStopped = _ => stopCount += Thread.CurrentThread == thread ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);

        AssertThatAllIsDelivered();

        Assert.That(stopCount, Is.EqualTo(4));
    }

    /// <summary>
    /// Listeners are also called when the library creates its instruments and its activity source. The library does
    /// that only once, so the test loads it a second time.
    /// </summary>
    [Test]
    public void Listeners_ThrowWhenInstrumentsAreCreated_MakeNoDifference()
    {
        bool isLoading = false;
        var published = new ThrowingCallback();
        var asked = new ThrowingCallback();
        using var meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (isLoading && instrument.Meter.Name == "Rx.Sse")
                    published.Call();
            },
        };
        meterListener.Start();
        using var activityListener = new ActivityListener
        {
            ShouldListenTo = source =>
            {
                if (isLoading && source.Name == "Rx.Sse")
                    asked.Call();
                return false;
            },
        };
        ActivitySource.AddActivityListener(activityListener);
        var scheduler = new TestScheduler();
        using HttpClient client = Story
            .Serve(scheduler, OpenStream().Event(Zero, "a").Close(Zero), Respond(HttpStatusCode.NoContent))
            .CreateClient();
        List<string> seen = [];

        isLoading = true;
        IObservable<object> source = FromSseOfAnotherCopy(client, scheduler);
        using IDisposable subscription = source.Subscribe(
            value => seen.Add(value.GetType().Name), error => seen.Add(error.Message), () => seen.Add("completed"));
        scheduler.Start();

        Assert.That((published.CallCount, asked.CallCount), Is.EqualTo((6, 1)));
        Assert.That(seen, Is.EqualTo(new[] { nameof(SseEvent), "completed" }));
    }

    private static IObservable<object> FromSseOfAnotherCopy(HttpClient client, IScheduler scheduler)
    {
        Assembly copy = Assembly.Load(File.ReadAllBytes(typeof(SseEvent).Assembly.Location));
        object? request = copy.GetType("Rx.Sse.SseRequest", throwOnError: true)!
            .GetMethod("op_Implicit", [typeof(string)])!
            .Invoke(null, [Story.Address.AbsoluteUri]);
        MethodInfo fromSse = copy.GetType("Rx.Sse.SseObservable", throwOnError: true)!
            .GetMethods()
            .Single(method => method is { Name: nameof(SseObservable.FromSse), IsGenericMethod: false });
        return (IObservable<object>)fromSse.Invoke(null, [client, request, null, scheduler])!;
    }

    private static void AssertThatAllIsDelivered()
    {
        Story story = Story.Begin(
            Refuse(),
            OpenStream().Event(Zero, "a").Reset(FromSeconds(1)),
            OpenStream().Event(Zero, "b").Close(FromSeconds(1)),
            Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (3.0, "a"), (7.0, "b") }));
        Assert.That(story.HasCompleted);
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    /// <summary>Throws only on the test's thread, because other tests also run streams.</summary>
    private sealed class ThrowingCallback
    {
        private readonly Thread _thread = Thread.CurrentThread;

        public int CallCount { get; private set; }

        public void Call()
        {
            if (Thread.CurrentThread != _thread)
                return;
            CallCount++;
            throw new FormatException();
        }
    }

    private sealed class ThrowingLogger(bool alsoWhenAsked) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => alsoWhenAsked ? throw new FormatException() : true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState,
            Exception?,
            string> formatter) =>
            throw new FormatException();
    }
}
