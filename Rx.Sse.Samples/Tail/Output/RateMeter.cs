namespace Rx.Sse.Samples.Tail.Output;

/// <summary>
/// Measures events per second over the last five seconds, or since the first event if that is less. Needs the same
/// memory for any number of events.
/// </summary>
internal sealed class RateMeter
{
    private const int SlotCount = 10;
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(500);

    /// <summary>The events of each slot. Slot number <c>n</c> is at <c>n % SlotCount</c>.</summary>
    private readonly int[] _counts = new int[SlotCount];

    private long _currentSlot;
    private DateTimeOffset? _firstEvent;

    public void Add(DateTimeOffset now)
    {
        _firstEvent ??= now;
        MoveTo(now);
        _counts[_currentSlot % SlotCount]++;
    }

    public double PerSecond(DateTimeOffset now)
    {
        MoveTo(now);
        double passed = now.Subtract(_firstEvent ?? now).TotalSeconds;
        return _counts.Sum() / Math.Clamp(passed, 1, SlotCount * Slot.TotalSeconds);
    }

    /// <summary>Clears the slots that have passed, or all of them if the clock was set back.</summary>
    private void MoveTo(DateTimeOffset now)
    {
        long slot = now.UtcTicks / Slot.Ticks;
        if (slot < _currentSlot || slot - _currentSlot >= SlotCount)
            Array.Clear(_counts);
        else
        {
            for (long passed = _currentSlot + 1; passed <= slot; passed++)
                _counts[passed % SlotCount] = 0;
        }

        _currentSlot = slot;
    }
}
