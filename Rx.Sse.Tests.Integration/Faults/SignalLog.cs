using System.Collections.Concurrent;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Everything that a stream says, and its end.</summary>
internal sealed class SignalLog : IObserver<SseSignal>
{
    private readonly ConcurrentQueue<SseSignal> _signals = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the stream, also if that fails.</summary>
    public Task End => _end.Task;

    /// <summary>What the stream failed with; null if it completed.</summary>
    public Exception? Error { get; private set; }

    public IEnumerable<string> Data => All<SseEvent>().Select(e => e.Data);

    public IEnumerable<string?> Ids => All<SseEvent>().Select(e => e.Id);

    /// <summary>Why there were further connections.</summary>
    public IEnumerable<string> Losses =>
        All<SseDisconnected>().Select(disconnected => LossReason.Of(disconnected.Reason));

    /// <summary>All signals of a stream that ends.</summary>
    public static async Task<SignalLog> OfAsync(IObservable<SseSignal> stream, CancellationToken hang)
    {
        var log = new SignalLog();
        using (stream.Subscribe(log))
            await log.End.WaitAsync(hang);
        return log;
    }

    public IEnumerable<TSignal> All<TSignal>() => _signals.OfType<TSignal>();

    public void OnNext(SseSignal value) => _signals.Enqueue(value);

    public void OnError(Exception error)
    {
        Error = error;
        _end.SetResult();
    }

    public void OnCompleted() => _end.SetResult();
}
