namespace Rx.Sse.Tests;

/// <summary>Counts things that must be gone at the end. Can be used from any thread.</summary>
internal sealed class Gauge
{
    private readonly Lock _lock = new();

    /// <summary>Completes when the count is zero; null while nothing waits for that.</summary>
    private TaskCompletionSource? _zero;

    public int Value { get; private set; }

    /// <summary>How many there have been in total.</summary>
    public int Total { get; private set; }

    public void Increment()
    {
        lock (_lock)
        {
            Value++;
            Total++;
        }
    }

    public void Decrement()
    {
        lock (_lock)
        {
            if (--Value == 0)
                _zero?.SetResult();
            if (Value == 0)
                _zero = null;
        }
    }

    public Task ZeroAsync(CancellationToken hang)
    {
        lock (_lock)
        {
            if (Value == 0)
                return Task.CompletedTask;
            _zero ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _zero.Task.WaitAsync(hang);
        }
    }
}
