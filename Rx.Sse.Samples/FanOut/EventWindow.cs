namespace Rx.Sse.Samples.FanOut;

/// <summary>The newest entries of a log, up to a maximum number. All members may be used from any thread.</summary>
internal sealed class EventWindow(int capacity)
{
    private readonly Lock _lock = new();

    /// <summary>Entry number n is at index n modulo the capacity.</summary>
    private readonly LogEntry[] _ring = new LogEntry[capacity];

    /// <summary>
    /// The number of the entry with an ID. Followers send any ID, so the search for one must be cheap.
    /// </summary>
    private readonly Dictionary<string, long> _numbers = [];
    private long _count;
    private TaskCompletionSource _changed = NewChange();

    /// <summary>Completes at the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
                return _changed.Task;
        }
    }

    /// <summary>The newest entry, or null if there is none.</summary>
    public LogEntry? Newest
    {
        get
        {
            lock (_lock)
                return _count == 0 ? null : _ring[(_count - 1) % capacity];
        }
    }

    public void Add(LogEntry entry)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_count >= capacity)
                _numbers.Remove(_ring[_count % capacity].Id);
            _numbers[entry.Id] = _count;
            _ring[_count++ % capacity] = entry;
            (changed, _changed) = (_changed, NewChange());
        }

        changed.SetResult();
    }

    public void Clear()
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            Array.Clear(_ring);
            _numbers.Clear();
            _count = 0;
            (changed, _changed) = (_changed, NewChange());
        }

        changed.SetResult();
    }

    /// <summary>
    /// Returns the entries after the one with that ID, or all if the ID is null; null if there is no such entry.
    /// </summary>
    public IReadOnlyList<LogEntry>? After(string? id, int limit)
    {
        lock (_lock)
        {
            long first = Math.Max(0, _count - capacity);
            if (id is not null)
            {
                if (!_numbers.TryGetValue(id, out long known))
                    return null;
                first = known + 1;
            }

            var entries = new LogEntry[Math.Min(_count - first, limit)];
            for (int i = 0; i < entries.Length; i++)
                entries[i] = _ring[(first + i) % capacity];
            return entries;
        }
    }

    /// <summary>The thread that appends does not run the followers.</summary>
    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
