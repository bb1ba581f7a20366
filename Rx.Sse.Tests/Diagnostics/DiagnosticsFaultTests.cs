using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>Loggers and listeners that do not work.</summary>
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

    /// <summary>Nothing stands between a listener and the code that it listens to; the stream must not fall silent for it.</summary>
    [Test]
    public void Meter_ListenerThrows_FailsTheStreamAndClosesTheConnection()
    {
        const string Host = "faulty-listener.test";
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Meter.Name: "Rx.Sse", Name: "rx.sse.events" })
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags.ToArray().Contains(new("server.address", Host)))
                throw new FormatException("mine");
        });
        listener.Start();

        Story story = Story.Begin($"http://{Host}/", new SseOptions(), OpenStream().Event(FromSeconds(1), "a").Event(FromSeconds(2), "b")).ToTheEnd();

        Assert.That(story.Events, Is.EqualTo(new[] { (1.0, "a") }));
        Assert.That(story.Error, Is.TypeOf<SseException>().With.InnerException.TypeOf<FormatException>());
        Assert.That(story.Server.OpenConnectionCount, Is.Zero);
    }

    private sealed class ThrowingLogger(bool alsoWhenAsked) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => alsoWhenAsked ? throw new FormatException() : true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new FormatException();
    }
}
