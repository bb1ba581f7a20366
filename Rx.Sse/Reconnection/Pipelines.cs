#if NET
using System.Diagnostics.CodeAnalysis;
#endif
using System.Runtime.CompilerServices;
using Polly;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Reconnection;

/// <summary>Builds the pipelines of streams.</summary>
internal static class Pipelines
{
    /// <summary>
    /// The pipelines of streams in real time. Without callbacks a pipeline holds no state, so thousands of streams can
    /// share one.
    /// </summary>
    private static readonly ConditionalWeakTable<SseReconnection, ResiliencePipeline<HttpResponseMessage>> Shared =
        new();

    public static ResiliencePipeline<HttpResponseMessage> For(SseReconnection reconnection, TimeProvider time) =>
        ReferenceEquals(time, SchedulerTimeProvider.Default)
        && reconnection is { ConfigureOutage: null, ConfigureAttempt: null }
            ? Shared.GetValue(reconnection, static settings => Build(settings, SchedulerTimeProvider.Default))
            : Build(reconnection, time);

#if NET
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only the name of the options is validated.")]
#endif
    private static ResiliencePipeline<HttpResponseMessage> Build(SseReconnection reconnection, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = "Rx.Sse", TimeProvider = time };
        reconnection.ConfigureOutage?.Invoke(builder);
        builder.AddStrategy(context => new ReconnectStrategy(reconnection, context), new ReconnectStrategyOptions());
        reconnection.ConfigureAttempt?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Gives the strategy its name in Polly's telemetry.</summary>
    private sealed class ReconnectStrategyOptions : ResilienceStrategyOptions
    {
        public ReconnectStrategyOptions() => Name = "SseReconnect";
    }
}
