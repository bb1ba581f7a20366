using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace Rx.Sse.Diagnostics;

/// <summary>
/// The library's meter and activity source. An instrument or source is null if a listener threw when it was created.
/// The names follow OpenTelemetry's rules: only a counter of things, such as events, has a plural name.
/// </summary>
internal static class Instruments
{
    /// <summary>The name of the meter and of the activity source.</summary>
    private const string Name = "Rx.Sse";

    private static readonly string? Version = typeof(Instruments).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    private static readonly Meter Meter = new(Name, Version);

    public static ActivitySource? Source { get; } = Quiet.Get(Name, static name => new ActivitySource(name, Version));

    public static UpDownCounter<long>? ActiveConnections { get; } = Quiet.Get(Meter, static meter =>
        meter.CreateUpDownCounter<long>("rx.sse.connection.active", "{connection}", "Event streams that are open."));

    public static Histogram<double>? ConnectionDuration { get; } =
        CreateDuration("rx.sse.connection.duration", "The time for which an event stream was open.");

    public static Counter<long>? Bytes { get; } = Quiet.Get(Meter, static meter => meter.CreateCounter<long>(
        "rx.sse.connection.received", "By", "Bytes of event streams that were read, after decompression."));

    public static Counter<long>? Events { get; } = Quiet.Get(Meter, static meter =>
        meter.CreateCounter<long>("rx.sse.events", "{event}", "Events that were dispatched."));

    public static Counter<long>? Reconnects { get; } = Quiet.Get(Meter, static meter => meter.CreateCounter<long>(
        "rx.sse.reconnects", "{reconnect}", "Failures that were followed by another attempt to connect."));

    public static Histogram<double>? OutageDuration { get; } =
        CreateDuration("rx.sse.outage.duration", "The time from the loss of an event stream until it is open again.");

#if NET9_0_OR_GREATER
    /// <summary>
    /// OpenTelemetry's default boundaries are for milliseconds. Outages last for seconds, connections for up to days.
    /// </summary>
    private static InstrumentAdvice<double> Advice =>
        new() { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400] };
#endif

    private static Histogram<double>? CreateDuration(string name, string description) =>
#if NET9_0_OR_GREATER
        Quiet.Get((name, description), static s => Meter.CreateHistogram(s.name, "s", s.description, null, Advice));
#else
        Quiet.Get((name, description), static s => Meter.CreateHistogram<double>(s.name, "s", s.description));
#endif
}
