using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Rx.Sse.Diagnostics;
using static System.TimeSpan;
using static Rx.Sse.Testing.SseTest;
using static Rx.Sse.Tests.Diagnostics.SecretStream;

namespace Rx.Sse.Tests.Diagnostics;

/// <summary>The names, units and advice of the instruments.</summary>
internal sealed class InstrumentTests
{
    /// <summary>
    /// https://opentelemetry.io/docs/specs/semconv/general/naming/#metrics: names are in lower case. They are plural
    /// only for counters that count things.
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
            Assert.That(
                instrument.Name.Split('.').SkipLast(1),
                Is.SubsetOf(new[] { "rx", "sse", "connection", "outage" }));
            Assert.That(instrument is Histogram<double>, Is.EqualTo(durations.Contains(instrument.Name)));
        }
    }

#if NET9_0_OR_GREATER
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
#endif

    [Test]
    public void Instruments_Version_IsThatOfTheAssembly()
    {
        string version = typeof(SseEvent).Assembly.GetName().Version!.ToString(3);

        Assert.That(Instruments.Source!.Version, Does.Match($@"^{Regex.Escape(version)}(-[\w.-]+)?$"));
        Assert.That(Instruments.Events!.Meter.Version, Is.EqualTo(Instruments.Source.Version));
    }
}
