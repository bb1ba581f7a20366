using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using Polly;

namespace Rx.Sse.Reconnection;

/// <summary>
/// The pipelines of streams. The presets keep nothing between executions, so all streams on the default scheduler share
/// one of each: thousands of streams need not hold thousands of them. What a caller builds is built for each stream.
/// </summary>
internal static class Pipelines
{
    private static readonly ConcurrentDictionary<Action<ResiliencePipelineBuilder<HttpResponseMessage>>, ResiliencePipeline<HttpResponseMessage>> Shared = new();

    private static readonly SchedulerTimeProvider DefaultTime = new(DefaultScheduler.Instance);

    public static TimeProvider TimeOf(IScheduler scheduler) =>
        ReferenceEquals(scheduler, DefaultScheduler.Instance) ? DefaultTime : new SchedulerTimeProvider(scheduler);

    public static ResiliencePipeline<HttpResponseMessage> For(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, TimeProvider time) =>
        ReferenceEquals(time, DefaultTime) && IsPreset(reconnection)
            ? Shared.GetOrAdd(reconnection, static preset => Build(preset, DefaultTime))
            : Build(reconnection, time);

    private static bool IsPreset(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection) =>
        reconnection == SseReconnection.Default || reconnection == SseReconnection.EventSource
        || reconnection == SseReconnection.WithoutJitter || reconnection == SseReconnection.Never;

    private static ResiliencePipeline<HttpResponseMessage> Build(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = "Rx.Sse", TimeProvider = time };
        reconnection(builder);
        return builder.Build();
    }
}
