namespace Rx.Sse.Samples.Tail.Output;

/// <summary>How many events came in a second, over the last five of them, or as many as there have been.</summary>
internal sealed class RateMeter
{
    private const int SlotCount = 10;
    private static readonly TimeSpan Slot = TimeSpan.FromMilliseconds(500);

    /// <summary>The events of each slot of the window, that of time t at t modulo their number.</summary>
    private readonly int[] _counts = new int[SlotCount];

    /// <summary>The slot that the clock was last seen in.</summary>
    private long _now;

    /// <summary>When the first event came: before, there was nothing to be counted.</summary>
    private DateTimeOffset? _start;

    public void Add(DateTimeOffset now)
    {
        _start ??= now;
        MoveTo(now);
        _counts[_now % SlotCount]++;
    }

    public double PerSecond(DateTimeOffset now)
    {
        MoveTo(now);
        double passed = now.Subtract(_start ?? now).TotalSeconds;
        return _counts.Sum() / Math.Clamp(passed, 1, SlotCount * Slot.TotalSeconds);
    }

    /// <summary>Forgets what is no longer in the window; everything, should the clock have been set back.</summary>
    private void MoveTo(DateTimeOffset now)
    {
        long slot = now.UtcTicks / Slot.Ticks;
        if (slot < _now || slot - _now >= SlotCount)
            Array.Clear(_counts);
        else
        {
            for (long passed = _now + 1; passed <= slot; passed++)
                _counts[passed % SlotCount] = 0;
        }

        _now = slot;
    }
}
