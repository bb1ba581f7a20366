using System.Diagnostics.Tracing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Counts what this thread has rented from the shared array pools and not given back, as the pools themselves tell it.</summary>
internal sealed class PoolWatch : EventListener
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly HashSet<object> _rented = [];

    /// <summary>The arrays that are out now.</summary>
    public int Outstanding => _rented.Count;

    /// <summary>The arrays that have been out.</summary>
    public int Rented { get; private set; }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            return;

        // The first thing that each of these tells is which array it is about.
        switch (eventData.EventName)
        {
            case "BufferRented":
                Rented++;
                _rented.Add(eventData.Payload![0]!);
                break;
            case "BufferReturned":
                _rented.Remove(eventData.Payload![0]!);
                break;
        }
    }
}
