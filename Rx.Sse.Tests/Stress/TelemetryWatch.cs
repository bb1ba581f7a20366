using System.Diagnostics;
using System.Diagnostics.Metrics;
using Rx.Sse.Tests.Diagnostics;

namespace Rx.Sse.Tests.Stress;

/// <summary>
/// What the library's telemetry reports as open: the active connections of its meter, and activities that have started
/// and not stopped.
/// </summary>
internal sealed class TelemetryWatch : IDisposable
{
    private const string Library = "Rx.Sse";

    private readonly MeterListener _meters = new();
    private readonly ActivityListener _activities;
    private long _activeConnections;

    public TelemetryWatch()
    {
        _meters.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: Library, Name: "rx.sse.connection.active" })
                listener.EnableMeasurementEvents(instrument);
        };
        _meters.EndWithDispose();
        _meters.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _activeConnections, value));
        _meters.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Library,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => Activities.Increment(),
            ActivityStopped = _ => Activities.Decrement(),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    public long ActiveConnections => Interlocked.Read(ref _activeConnections);

    public Gauge Activities { get; } = new();

    public void Dispose()
    {
        _meters.Dispose();
        _activities.Dispose();
    }
}
