using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Reactive.Testing;
using Rx.Sse.Diagnostics;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;
using static Rx.Sse.Tests.Diagnostics.SecretStream;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>What the meter measures, and the tags of the measurements.</summary>
internal sealed class MeterTests
{
    [Test]
    public void Meter_WholeLife_IsMeasured()
    {
        string[] measured = Measure(() => Run(new SseOptions(), Life));

        const string Server = $"server.address={Host} server.port=80";
        Assert.That(measured, Is.EqualTo(new[]
        {
            $"rx.sse.connection.active 1 {Server}",
            $"rx.sse.connection.received 49 {Server}",
            $"rx.sse.events 2 {Server}",
            $"rx.sse.connection.active -1 {Server}",
            $"rx.sse.connection.duration 2 {Server} error.type=System.IO.IOException",
            $"rx.sse.reconnects 1 {Server} error.type=Rx.Sse.SseConnectionException",
            $"rx.sse.reconnects 1 {Server} error.type=Rx.Sse.SseConnectionException",
            $"rx.sse.connection.active 1 {Server}",
            $"rx.sse.outage.duration 9 {Server}",
            $"rx.sse.connection.received 14 {Server}",
            $"rx.sse.events 1 {Server}",
            $"rx.sse.connection.active -1 {Server}",
            $"rx.sse.connection.duration 1 {Server}",
            $"rx.sse.reconnects 1 {Server} error.type=Rx.Sse.SseEndOfStreamException",
        }));
    }

    [Test]
    public void Meter_RefusedResponse_HasItsStatusAsTheErrorType()
    {
        string[] measured = Measure(() =>
            Run(new SseOptions(), Respond(HttpStatusCode.ServiceUnavailable), Respond(HttpStatusCode.NoContent)));

        Assert.That(
            measured,
            Is.EqualTo(new[] { $"rx.sse.reconnects 1 server.address={Host} server.port=80 error.type=503" }));
    }

    /// <summary>
    /// IPv6 addresses have no brackets. An address that no request can be sent to has no server tags.
    /// </summary>
    [TestCase("http://[::1]:8080/", "server.address=::1 server.port=8080 error.type=503")]
    [TestCase("https://example.test/", "server.address=example.test server.port=443 error.type=503")]
    [TestCase("urn:stream", "error.type=503")]
    [TestCase("stream", "error.type=503")]
    public void Meter_Address_IsTaggedWithItsPortOrNotAtAll(string address, string tags)
    {
        var diagnostics = new StreamDiagnostics(logger: null, TimeProvider.System);
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        var refused = new SseResponseException(response);

        string[] measured = Measure(() =>
        {
            diagnostics.SetAddress(new Uri(address, UriKind.RelativeOrAbsolute));
            diagnostics.Disconnected(new SseDisconnected { Reason = refused });
        });

        Assert.That(measured, Is.EqualTo(new[] { $"rx.sse.reconnects 1 {tags}" }));
    }

    [Test]
    public void Meter_StreamWithoutAnAddress_HasNoTags()
    {
        string[] measured = Measure(() =>
        {
            using IDisposable subscription =
                new MemoryStream("data: a\n\n"u8.ToArray()).ToSseObservable(scheduler: new TestScheduler()).Subscribe();
        });

        Assert.That(measured, Is.EqualTo(new[]
        {
            "rx.sse.connection.active 1 ",
            "rx.sse.connection.received 9 ",
            "rx.sse.events 1 ",
            "rx.sse.connection.active -1 ",
            "rx.sse.connection.duration 0 ",
        }));
    }

    /// <summary>
    /// Connections can stay open for days. A listener that starts in the meantime must not see a negative count.
    /// </summary>
    [Test]
    public void Meter_ListenerThatComesLate_DoesNotSeeConnectionsEnd()
    {
        Story story = Story.Begin(OpenStream().Event(FromSeconds(1), "a").Close(FromSeconds(2))).Until(1);

        string[] measured = Measure(() => story.Until(2));

        Assert.That(measured, Has.Some.StartsWith("rx.sse.connection.duration 2 "));
        Assert.That(measured, Has.None.StartsWith("rx.sse.connection.active"));
        story.Subscription.Dispose();
    }

    /// <summary>Returns what is measured on this thread during the action, as instrument, value and tags.</summary>
    private static string[] Measure(Action action)
    {
        var thread = Thread.CurrentThread;
        List<string> measured = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Rx.Sse")
                self.EnableMeasurementEvents(instrument);
        };
        listener.EndWithDispose();
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();

        action();

        AssertNoSecret(string.Join(' ', measured));
        return [.. measured];

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests also run streams.
            if (Thread.CurrentThread != thread)
                return;
            string text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value ?? "null"}"));
            measured.Add($"{instrument.Name} {value} {text}");
        }
    }
}
