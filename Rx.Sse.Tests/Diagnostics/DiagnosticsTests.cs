using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reactive.Linq;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Reactive.Testing;
using Polly;
using Rx.Sse.Diagnostics;
using Rx.Sse.Testing;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>What logs, meters and activities contain, and what they must not.</summary>
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
    public void Logger_AttemptWithoutADelay_FollowsAtOnce()
    {
        var logger = new RecordingLogger();
        var reconnection = SseReconnection.Never with
        {
            ConfigureAttempt = static builder => builder.AddRetry(new() { MaxRetryAttempts = 1, Delay = Zero }),
        };
        Story.Begin(
            new SseOptions { Logger = logger, Reconnection = reconnection },
            Refuse(),
            Respond(HttpStatusCode.NoContent)).ToTheEnd();

        Assert.That(logger.Lines, Has.One.EndsWith("Attempt 1 follows in 00:00:00."));
    }

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

    /// <summary>IPv6 addresses have no brackets. An address to which no request can be sent has no server.</summary>
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
            diagnostics.Found(new Uri(address, UriKind.RelativeOrAbsolute));
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

    /// <summary>Connections live for days: who begins to listen in the meantime must not see fewer than none.</summary>
    [Test]
    public void Meter_ListenerThatComesLate_DoesNotSeeConnectionsEnd()
    {
        Story story = Story.Begin(OpenStream().Event(FromSeconds(1), "a").Close(FromSeconds(2))).Until(1);

        string[] measured = Measure(() => story.Until(2));

        Assert.That(measured, Has.Some.StartsWith("rx.sse.connection.duration 2 "));
        Assert.That(measured, Has.None.StartsWith("rx.sse.connection.active"));
        story.Subscription.Dispose();
    }

    /// <summary>
    /// https://opentelemetry.io/docs/specs/semconv/general/naming/#metrics: names are in lower case, and in the plural
    /// only for a counter whose unit is a thing.
    /// </summary>
    [Test]
    public void Instruments_Names_FollowOpenTelemetry()
    {
        List<Instrument> instruments = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "Rx.Sse")
                instruments.Add(instrument);
        };
        Run(new SseOptions(), Respond(HttpStatusCode.NoContent));
        listener.Start();

        string[] durations = ["rx.sse.connection.duration", "rx.sse.outage.duration"];
        Assert.That(instruments.Select(item => (item.Name, item.Unit)).Distinct(), Is.EquivalentTo(new[]
        {
            ("rx.sse.connection.active", "{connection}"),
            ("rx.sse.connection.duration", "s"),
            ("rx.sse.connection.received", "By"),
            ("rx.sse.events", "{event}"),
            ("rx.sse.reconnects", "{reconnect}"),
            ("rx.sse.outage.duration", "s"),
        }));
        foreach (Instrument instrument in instruments)
        {
            bool isCounterOfThings = instrument is Counter<long> && instrument.Unit![0] == '{';
            Assert.That(instrument.Name, Does.Match("^[a-z]+(\\.[a-z]+)*$"));
            Assert.That(instrument.Name.EndsWith('s'), Is.EqualTo(isCounterOfThings), instrument.Name);
            Assert.That(instrument.Name.Split('.')[..^1], Is.SubsetOf(new[] { "rx", "sse", "connection", "outage" }));
            Assert.That(instrument is Histogram<double>, Is.EqualTo(durations.Contains(instrument.Name)));
        }
    }

    [Test]
    public void Instruments_Durations_AdviseBucketsUpToADay()
    {
        string framework = typeof(SseEvent).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()!.FrameworkName;
        foreach (Histogram<double>? duration in new[] { Instruments.ConnectionDuration, Instruments.OutageDuration })
        {
            IReadOnlyList<double>? boundaries = duration!.Advice?.HistogramBucketBoundaries;
            if (framework != ".NETCoreApp,Version=v10.0")
            {
                Assert.That(boundaries, Is.Null);
                continue;
            }

            Assert.That(boundaries, Is.Ordered.And.Unique.And.Count.LessThanOrEqualTo(15));
            Assert.That((boundaries[0], boundaries[^1]), Is.EqualTo((0.1, FromDays(1).TotalSeconds)));
        }
    }

    [Test]
    [ProcessWide("whether anybody listens")]
    public void Received_NobodyListens_AllocatesNothing()
    {
        var diagnostics = new StreamDiagnostics(logger: null, TimeProvider.System);
        diagnostics.Found(Story.Address);
        diagnostics.Received(1, 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            diagnostics.Received(1, 1);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Instruments_Version_IsThatOfTheAssembly()
    {
        string version = typeof(SseEvent).Assembly.GetName().Version!.ToString(3);

        Assert.That(Instruments.Source!.Version, Does.Match($@"^{Regex.Escape(version)}(-[\w.-]+)?$"));
        Assert.That(Instruments.Events!.Meter.Version, Is.EqualTo(Instruments.Source.Version));
    }

    [Test]
    public void ActivitySource_WholeLife_HasOneActivityForEachAttempt()
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
            ours.Select(activity => (
                activity.GetTagItem("http.response.status_code"),
                activity.GetTagItem("error.type"),
                activity.Status,
                activity.StatusDescription)),
            Is.EqualTo(new (object?, object?, ActivityStatusCode, string?)[]
            {
                (200, null, ActivityStatusCode.Unset, null),
                (null, typeof(HttpRequestException).FullName, ActivityStatusCode.Error, "HttpRequestException"),
                (200, null, ActivityStatusCode.Unset, null),
                (401, "401", ActivityStatusCode.Error, "SseResponseException 401"),
            }));
        Assert.That(ours.Select(activity => activity.OperationName), Is.All.EqualTo("sse.connect"));
        Assert.That(ours.Select(activity => activity.Kind), Is.All.EqualTo(ActivityKind.Client));
        foreach (Activity activity in ours)
            AssertNoSecret(string.Join(' ', activity.TagObjects) + activity.StatusDescription);
    }

    /// <summary>Returns what is measured on this thread meanwhile, as instrument, value and tags.</summary>
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
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();

        action();

        AssertNoSecret(string.Join(' ', measured));
        return [.. measured];

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests run streams, too.
            if (Thread.CurrentThread != thread)
                return;
            string text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value ?? "null"}"));
            measured.Add($"{instrument.Name} {value} {text}");
        }
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
