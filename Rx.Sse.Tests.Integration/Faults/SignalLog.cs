using System.Collections.Concurrent;
using Rx.Sse.Tests.Reliability.Replay;

namespace Rx.Sse.Tests.Integration.Faults;

/// <summary>Records all signals of a stream, and its end.</summary>
internal sealed class SignalLog : IObserver<SseSignal>
{
    private readonly ConcurrentQueue<SseSignal> _signals = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the stream completes or fails.</summary>
    public Task End => _end.Task;

    /// <summary>The error of the stream; null if it completed.</summary>
    public Exception? Error { get; private set; }

    public IEnumerable<string> Data => All<SseEvent>().Select(e => e.Data);

    public IEnumerable<string?> Ids => All<SseEvent>().Select(e => e.Id);

    /// <summary>The reasons for the reconnections.</summary>
    public IEnumerable<string> Losses =>
        All<SseDisconnected>().Select(disconnected => LossReason.Of(disconnected.Reason));

    /// <summary>Subscribes to a stream, and returns its signals when it has ended.</summary>
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
