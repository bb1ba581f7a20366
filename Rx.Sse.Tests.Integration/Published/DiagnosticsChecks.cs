using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Rx.Sse.Tests.Integration.Published;

/// <summary>The log messages, activities and metrics of a stream.</summary>
internal static class DiagnosticsChecks
{
    public static async Task LogMeterAndTrace()
    {
        var logger = new Logger();
        var activities = new List<string>();
        using var activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Rx.Sse",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
                activities.Add($"{activity.OperationName} {activity.GetTagItem("http.response.status_code")}"),
        };
        ActivitySource.AddActivityListener(activityListener);
        long events = 0;
        using var meterListener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Meter.Name: "Rx.Sse", Name: "rx.sse.events" })
                    self.EnableMeasurementEvents(instrument);
            },
        };
        meterListener.SetMeasurementEventCallback<long>((_, value, _, _) => events += value);
        meterListener.Start();

        using var server = new LoopbackServer(new Answer("data: a\n\ndata: b\n\n"));
        using var client = new HttpClient();
        var options = new SseOptions { Logger = logger, EndOfStream = SseEndOfStream.Complete };
        await Observable.FromSse(client, server.Url, options).ToTask();

        Expect.Equal(
            logger.Lines,
            $"Connecting to {server.Url}.",
            $"The event stream of {server.Url} is open.",
            $"The event stream of {server.Url} is complete.");
        Expect.Equal(activities, "sse.connect 200");
        Expect.Equal([events], 2);
    }

    private sealed class Logger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
