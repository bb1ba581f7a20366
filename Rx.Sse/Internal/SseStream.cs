using System.Reactive.Concurrency;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Internal;

/// <summary>What all subscriptions of one observable share: how to connect, how to reconnect, and on which clock.</summary>
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
        Time = Pipelines.TimeOf(scheduler);
        Pipeline = Pipelines.For(options.Reconnection, Time);
        HasCallersStrategies = !Pipelines.IsPreset(options.Reconnection);
    }

    public SseOptions Options { get; }

    public IScheduler Scheduler { get; }

    public TimeProvider Time { get; }

    public ResiliencePipeline<HttpResponseMessage> Pipeline { get; }

    /// <summary>The pipeline may have strategies that are not this library's.</summary>
    public bool HasCallersStrategies { get; }

    public SseConnector NewConnector(IRequestListener listener) => new(_client, _request, Time, listener);
}
