using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reactive.Linq;
using Microsoft.Extensions.Logging;
using Microsoft.Reactive.Testing;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>What logs, meters and traces tell, and what they must not.</summary>
internal sealed class DiagnosticsTests
{
    private const string Host = "diagnostics.test";
    private const string SecretUrl = $"http://user:password@{Host}/stream?token=secret#secret";

    /// <summary>A stream that lives through everything: an open connection, a drop, a refusal, an answer that ends it.</summary>
    private static readonly SseScript[] Life =
    [
        OpenStream().Send(FromSeconds(1), "id: secret\ndata: secret\n\n: secret\n\ndata: secret\n\n")
            .Reset(FromSeconds(2)),
        Refuse(exception: new HttpRequestException("secret")),
        OpenStream().Event(FromSeconds(1), "secret").Close(FromSeconds(1)),
        Respond(HttpStatusCode.Unauthorized, "secret", "text/secret", [("X-Secret", "secret")]),
    ];

    [Test]
    public void Logger_WholeLife_IsToldWithoutSecrets()
    {
        var logger = new RecordingLogger();
        Run(new SseOptions { Logger = logger }, Life);

        Assert.That(logger.Lines, Is.EqualTo(new[]
        {
            $"1 Debug Connecting to http://{Host}/stream.",
            $"2 Information The event stream of http://{Host}/stream is open.",
            $"3 Warning The event stream of http://{Host}/stream is lost (SseConnectionException: IOException: SocketException ConnectionReset). Attempt 1 follows in 00:00:03.",
            $"1 Debug Connecting to http://{Host}/stream.",
            $"3 Warning The event stream of http://{Host}/stream is lost (SseConnectionException: HttpRequestException). Attempt 2 follows in 00:00:06.",
            $"1 Debug Connecting to http://{Host}/stream.",
            $"2 Information The event stream of http://{Host}/stream is open.",
            $"3 Warning The event stream of http://{Host}/stream is lost (SseEndOfStreamException). Attempt 1 follows in 00:00:03.",
            $"1 Debug Connecting to http://{Host}/stream.",
            $"5 Error The event stream of http://{Host}/stream has failed (SseResponseException 401).",
        }));
    }

    [Test]
    public void Logger_CompletionAndDisposal_AreTold()
    {
        var logger = new RecordingLogger();
        Run(new SseOptions { Logger = logger }, Respond(HttpStatusCode.NoContent));
        Run(new SseOptions { Logger = logger }, NeverAnswer());

        Assert.That(logger.Lines.Where(line => !line.StartsWith('1')), Is.EqualTo(new[]
        {
            $"4 Information The event stream of http://{Host}/stream is complete.",
            $"6 Debug The event stream of http://{Host}/stream was disposed of.",
        }));
    }

    [Test]
    public void Logger_IdThatIsNotSent_IsTold()
    {
        var logger = new RecordingLogger();
        Run(
            new SseOptions { Logger = logger, LastEventId = "é" },
            Refuse(exception: new HttpRequestException("Request headers must contain only ASCII characters.")),
            Respond(HttpStatusCode.NoContent));

        Assert.That(logger.Lines, Has.One.StartsWith("7 Warning"));
    }

    [TestCase(null, "(unknown)")]
    [TestCase("stream?secret", "(relative)")]
    public void Logger_AddressThatIsNoneYet_IsToldAsSuch(string? address, string told)
    {
        var logger = new RecordingLogger();
        using var client = new HttpClient(new SseTestServer(new TestScheduler()));
        using IDisposable subscription = Observable
            .FromSse(client, SseRequest.Create(() => new HttpRequestMessage(HttpMethod.Get, address)), new SseOptions { Logger = logger })
            .Subscribe(_ => { }, _ => { });

        Assert.That(logger.Lines, Is.EqualTo(new[]
        {
            $"1 Debug Connecting to {told}.",
            $"5 Error The event stream of {told} has failed (SseRequestException: InvalidOperationException).",
        }));
    }

    [Test]
    public void Logger_ResponseInHand_IsToldWhereItCameFrom()
    {
        var logger = new RecordingLogger();
        using HttpClient client = new SseTestServer(new TestScheduler(), OpenStream().Close(Zero)).CreateClient();
        HttpResponseMessage response = client.GetAsync(SecretUrl, HttpCompletionOption.ResponseHeadersRead).Result;

        using IDisposable subscription = response.ToSseObservable(new SseOptions { Logger = logger }).Subscribe(_ => { });

        Assert.That(logger.Lines, Is.EqualTo(new[]
        {
            $"2 Information The event stream of http://{Host}/stream is open.",
            $"4 Information The event stream of http://{Host}/stream is complete.",
        }));
    }

    [Test]
    public void Meter_WholeLife_IsMeasured()
    {
        var measured = new List<(string Instrument, double Value)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Rx.Sse")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();

        Run(new SseOptions(), Life);

        Assert.That(measured, Is.EqualTo(new[]
        {
            ("rx.sse.connections.active", 1.0),
            ("rx.sse.bytes", 49),
            ("rx.sse.events", 2),
            ("rx.sse.connections.active", -1),
            ("rx.sse.reconnects", 1),
            ("rx.sse.reconnects", 1),
            ("rx.sse.connections.active", 1),
            ("rx.sse.outage.duration", 9),
            ("rx.sse.bytes", 14),
            ("rx.sse.events", 1),
            ("rx.sse.connections.active", -1),
            ("rx.sse.reconnects", 1),
        }));

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests run streams, too, on other servers.
            if (!tags.ToArray().Contains(new("server.address", Host)))
                return;
            measured.Add((instrument.Name, value));
            AssertNoSecret(string.Join(' ', tags.ToArray()));
        }
    }

    [Test]
    public void ActivitySource_WholeLife_HasOneActivityForEachConnection()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        Run(new SseOptions(), Life);

        List<Activity> ours = [.. activities.Where(activity => Host.Equals(activity.GetTagItem("server.address")))];
        Assert.That(
            ours.Select(a => (a.OperationName, a.Kind, a.GetTagItem("http.response.status_code"), a.GetTagItem("rx.sse.event_count"), a.Status, a.StatusDescription)),
            Is.EqualTo(new (string, ActivityKind, object?, object?, ActivityStatusCode, string?)[]
            {
                ("sse.connection", ActivityKind.Client, 200, 2L, ActivityStatusCode.Error, "IOException: SocketException ConnectionReset"),
                ("sse.connection", ActivityKind.Client, null, 0L, ActivityStatusCode.Error, "HttpRequestException"),
                ("sse.connection", ActivityKind.Client, 200, 1L, ActivityStatusCode.Unset, null),
                ("sse.connection", ActivityKind.Client, 401, 0L, ActivityStatusCode.Error, "SseResponseException 401"),
            }));
        foreach (Activity activity in ours)
            AssertNoSecret(string.Join(' ', activity.TagObjects) + activity.StatusDescription);
    }

    private static void Run(SseOptions options, params SseScript[] script)
    {
        var scheduler = new TestScheduler();
        using HttpClient client = Story.Serve(scheduler, script).CreateClient();
        using IDisposable subscription = Observable
            .FromSse(client, SecretUrl, options with { Reconnection = Story.WithoutJitter }, scheduler)
            .Subscribe(_ => { }, _ => { });
        scheduler.AdvanceTo(FromMinutes(1).Ticks);
    }

    private static void AssertNoSecret(string text) =>
        Assert.That(text, Does.Not.Contain("secret").IgnoreCase.And.Not.Contain("password").And.Not.Contain("user"));

    private sealed class RecordingLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{eventId.Id} {logLevel} {formatter(state, exception)}{exception}");
    }
}
