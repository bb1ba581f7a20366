using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Rx.Sse.Diagnostics;

/// <summary>The meter and the activity source of the library, and what they measure.</summary>
internal static class Instruments
{
    /// <summary>The name of both.</summary>
    public const string Name = "Rx.Sse";

    private static readonly Meter Meter = new(Name);

    public static ActivitySource Source { get; } = new(Name);

    public static UpDownCounter<long> ActiveConnections { get; } =
        Meter.CreateUpDownCounter<long>("rx.sse.connections.active", "{connection}", "Event streams that are open.");

    public static Counter<long> Events { get; } =
        Meter.CreateCounter<long>("rx.sse.events", "{event}", "Events that were dispatched.");

    public static Counter<long> Bytes { get; } =
        Meter.CreateCounter<long>("rx.sse.bytes", "By", "Bytes of event streams that were read, after decompression.");

    public static Counter<long> Reconnects { get; } =
        Meter.CreateCounter<long>("rx.sse.reconnects", "{attempt}", "Failures that were followed by another attempt to connect.");

    public static Histogram<double> OutageDuration { get; } =
        Meter.CreateHistogram<double>("rx.sse.outage.duration", "s", "From the loss of an event stream until it is open again.");
}
