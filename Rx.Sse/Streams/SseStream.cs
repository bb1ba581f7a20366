using System.Reactive.Concurrency;
using Polly;
using Rx.Sse.Reconnection;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>The settings and the pipeline that all subscriptions of one call of <c>FromSse</c> share.</summary>
internal sealed record SseStream(
    HttpClient Client, SseRequest Request, SseOptions Options, IScheduler Scheduler, TimeProvider Time)
{
    public SseStream(HttpClient client, SseRequest request, SseOptions options, IScheduler scheduler)
        : this(client, request, options, scheduler, SchedulerTimeProvider.For(scheduler))
    {
    }

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; } = Pipelines.For(Options.Reconnection, Time);
}
