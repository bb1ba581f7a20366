using System.Reactive.Concurrency;
using Polly;
using Rx.Sse.Http;
using Rx.Sse.Reconnection;

namespace Rx.Sse.Streams;

/// <summary>What all subscriptions of one observable share: how to connect, how to reconnect, and on which clock.</summary>
internal abstract class SseStream
{
    private readonly HttpClient _client;
    private readonly SseRequest _request;

    protected SseStream(HttpClient client, SseRequest request, SseOptions options, IScheduler scheduler)
    {
        _client = client;
        _request = request;
        Options = options;
        Scheduler = scheduler;
        Time = Pipelines.TimeOf(scheduler);
        CallersPipeline = options.HasPreset ? null : Pipelines.For(options.Reconnection, Time);
    }

    public SseOptions Options { get; }

    public IScheduler Scheduler { get; }

    public TimeProvider Time { get; }

    /// <summary>What the caller has built; null for a preset, which is asked for when there is something to ask it.</summary>
    public ResiliencePipeline<HttpResponseMessage>? CallersPipeline { get; }

    public SseConnector NewConnector(IRequestListener listener) => new(_client, _request, Time, listener);
}
