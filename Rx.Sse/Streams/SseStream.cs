using System.Reactive.Concurrency;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;
using Rx.Sse.Scheduling;

namespace Rx.Sse.Streams;

/// <summary>The settings and the pipeline that all subscriptions of one call of <c>FromSse</c> share.</summary>
internal sealed class SseStream
{
    private readonly HttpClient _client;
    private readonly SseRequest _request;

    public SseStream(HttpClient client, SseRequest request, SseOptions options, IScheduler scheduler)
    {
        _client = client;
        _request = request;
        Options = options;
        Scheduler = scheduler;
        Time = SchedulerTimeProvider.For(scheduler);
        Pipeline = Pipelines.For(options.Reconnection, Time);
    }

    public SseOptions Options { get; }

    public IScheduler Scheduler { get; }

    public TimeProvider Time { get; }

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    public SseConnector NewConnector(IRequestListener listener) =>
        new(_client, _request, Options, Time, listener);
}
