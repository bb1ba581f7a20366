using System.Diagnostics.CodeAnalysis;
using Polly;
using Rx.Sse.Reconnection;

namespace Rx.Sse;

/// <summary>Reconnection as a strategy of a Polly pipeline.</summary>
public static class SseResiliencePipelineBuilderExtensions
{
    /// <summary>
    /// Adds the strategy that waits and reconnects. Strategies added before it see one execution for a whole outage,
    /// those after it one for each attempt to connect: a connect timeout or a circuit breaker belongs after it.
    /// </summary>
    /// <remarks>
    /// An execution of the pipeline is one outage. Its first attempt is the failure itself, the drop that has just
    /// happened, so that a delay comes before the first connect and attempt numbers count reconnects; the very first
    /// connect of a stream is an execution, too. An attempt ends when the response headers have come, and for
    /// a response that is refused, its body, within 5 seconds; the reading of the stream is outside the pipeline. A failed attempt is always an exception, never a response.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of range.</exception>
#if NET
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(SseReconnectStrategyOptions))]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Polly validates the options by reflection; all their members are kept.")]
#endif
    public static ResiliencePipelineBuilder<HttpResponseMessage> AddSseReconnect(
        this ResiliencePipelineBuilder<HttpResponseMessage> builder,
        SseReconnectStrategyOptions options)
    {
        Throw.IfNull(builder);
        Throw.IfNull(options);
        return builder.AddStrategy(context => new ReconnectStrategy(options, context), options);
    }
}
