using System.Reactive.Linq;
using Rx.Sse.Tests.Reliability.Proxy;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>A stream from a <see cref="ReplayLog"/> through its own proxy, checked event by event.</summary>
internal sealed class FaultyStream : IAsyncDisposable
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(5);

    private readonly FaultProxy _proxy;
    private readonly HttpClient _client;
    private readonly FaultCounts _counts;
    private readonly IDisposable _subscription;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Subscribes.</summary>
    /// <param name="server">The server of the log.</param>
    /// <param name="plan">Which faults the proxy injects.</param>
    /// <param name="http2">Whether to use HTTP/2 instead of HTTP/1.1.</param>
    /// <param name="options">The options of the stream.</param>
    /// <param name="counts">Receives the counts.</param>
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

    /// <summary>Completes when the stream ends.</summary>
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
