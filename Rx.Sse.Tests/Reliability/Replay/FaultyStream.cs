using System.Reactive.Linq;
using Rx.Sse.Tests.Reliability.Proxy;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>A stream from a <see cref="ReplayLog"/>, through a proxy of its own and checked event by event.</summary>
internal sealed class FaultyStream : IAsyncDisposable
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    private readonly FaultProxy _proxy;
    private readonly HttpClient _client;
    private readonly FaultCounts _counts;
    private readonly IDisposable _subscription;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Subscribes.</summary>
    /// <param name="server">Where the log is.</param>
    /// <param name="plan">What the proxy is to do.</param>
    /// <param name="http2">Whether to use HTTP/2 or HTTP/1.1.</param>
    /// <param name="options">The stream's.</param>
    /// <param name="counts">Where to count.</param>
    public FaultyStream(ReplayServer server, FaultPlan plan, bool http2, SseOptions options, FaultCounts counts)
    {
        _proxy = new FaultProxy(server.UrlFor(http2), plan, http2) { Injected = counts.Injected };
        _client = StreamClient.Create(PingTimeout);
        _counts = counts;
        _subscription = Observable
            .FromSseSignals(_client, StreamClient.Get(_proxy.Url, http2), options)
            .Subscribe(OnSignal, _completion.SetException, _completion.SetResult);
    }

    public SequenceChecker Sequence { get; } = new();

    /// <summary>The end of the stream.</summary>
    public Task Completion => _completion.Task;

    public async ValueTask DisposeAsync()
    {
        _subscription.Dispose();
        _client.Dispose();
        await _proxy.DisposeAsync();
    }

    private void OnSignal(SseSignal signal)
    {
        switch (signal)
        {
            case SseOpened:
                _counts.AddConnection();
                break;
            case SseEvent e:
                Sequence.Add(e);
                break;
            case SseDisconnected disconnected:
                string reason = LossReason.Of(disconnected.Reason);
                _counts.Losses.Add(reason);
                if (reason == LossReason.Refused)
                    _ = _proxy.ListenAsync();
                break;
        }
    }
}
