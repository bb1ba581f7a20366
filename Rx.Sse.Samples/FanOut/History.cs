namespace Rx.Sse.Samples.FanOut;

/// <summary>The newest events, up to a maximum number.</summary>
internal sealed class History(int size)
{
    private readonly Queue<SseEvent> _events = new();

    /// <summary>None, while nothing has come.</summary>
    public IReadOnlyList<SseEvent> Newest { get; private set; } = [];

    /// <summary>Where upstream is to go on; null while nothing has come.</summary>
    public string? LastEventId => Newest is [var newest] ? newest.LastEventId : null;

    public void Add(SseEvent e)
    {
        if (_events.Count == size)
            _events.Dequeue();
        _events.Enqueue(e);
        Newest = [e];
    }

    /// <summary>What came after the event with that ID; all that there is, where it is not known (any more).</summary>
    public IReadOnlyList<SseEvent> After(string id)
    {
        List<SseEvent> events = [.. _events];
        return events[(events.FindLastIndex(e => e.Id == id) + 1)..];
    }
}
