namespace Rx.Sse.Tests.Reliability.Proxy;

/// <summary>Watches the responses of one connection for the place of the next fault.</summary>
internal sealed class FaultTrigger(ResponseScanner scanner, FaultPlan plan)
{
    private int _eventsBefore;
    private int _skipped;

    /// <summary>The next fault; null for none.</summary>
    public Fault? Fault { get; private set; }

    public void Next(bool isNewConnection)
    {
        Fault = plan(isNewConnection);
        _eventsBefore = scanner.Events;
        _skipped = 0;
    }

    /// <summary>Whether the fault is due before the first byte of the first response.</summary>
    public bool IsDueAtStart() => Fault is { AfterEvents: 0 } && (scanner.Place & Fault.Place) != 0;

    /// <summary>Advances to where the fault is due, or to the end of the bytes.</summary>
    public bool Reach(ReadOnlySpan<byte> bytes, out int passed)
    {
        for (passed = 0; passed < bytes.Length;)
        {
            scanner.Feed(bytes[passed++]);
            if (Fault is not null
                && (scanner.Place & Fault.Place) != 0
                && scanner.Events - _eventsBefore >= Fault.AfterEvents
                && _skipped++ >= Fault.Skip)
                return true;
        }

        return false;
    }

    /// <summary>Advances through bytes during a fault that the connection survives.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
            scanner.Feed(value);
    }
}
