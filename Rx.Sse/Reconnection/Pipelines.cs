using System.Reactive.Concurrency;
using Polly;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Reconnection;

/// <summary>
/// The pipelines of streams. The presets keep nothing between executions, so all streams on the default scheduler share
/// one of each: thousands of streams need not hold thousands of them. On another one, a subscription builds one when it needs it.
/// What a caller builds is built for each stream.
/// </summary>
internal static class Pipelines
{
    private static readonly SchedulerTimeProvider DefaultTime = new(DefaultScheduler.Instance);

    private static readonly Action<ResiliencePipelineBuilder<HttpResponseMessage>>[] Presets =
        [SseReconnection.Default, SseReconnection.EventSource, SseReconnection.WithoutJitter, SseReconnection.Never];

    /// <summary>Of each preset, the one for the default scheduler.</summary>
    private static readonly Lazy<ResiliencePipeline<HttpResponseMessage>>[] Shared =
        [.. Presets.Select(static preset => new Lazy<ResiliencePipeline<HttpResponseMessage>>(() => Build(preset, DefaultTime)))];

    public static TimeProvider TimeOf(IScheduler scheduler) =>
        ReferenceEquals(scheduler, DefaultScheduler.Instance) ? DefaultTime : new SchedulerTimeProvider(scheduler);

    public static ResiliencePipeline<HttpResponseMessage> For(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, TimeProvider time) =>
        ReferenceEquals(time, DefaultTime) && IndexOfPreset(reconnection) is >= 0 and var index ? Shared[index].Value : Build(reconnection, time);

    /// <summary>Whether all strategies are this library's.</summary>
    public static bool IsPreset(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection) => IndexOfPreset(reconnection) >= 0;

    private static int IndexOfPreset(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection)
    {
        for (int i = 0; i < Presets.Length; i++)
        {
            if (ReferenceEquals(Presets[i], reconnection))
                return i;
        }

        return -1;
    }

    private static ResiliencePipeline<HttpResponseMessage> Build(Action<ResiliencePipelineBuilder<HttpResponseMessage>> reconnection, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = "Rx.Sse", TimeProvider = time };
        reconnection(builder);
        return builder.Build();
    }
}
