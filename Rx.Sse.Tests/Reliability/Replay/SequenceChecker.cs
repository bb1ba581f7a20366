using System.Globalization;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>
/// Compares what one stream delivers with what the <see cref="ReplayLog"/> has: 1, 2, 3 and so on, each whole.
/// </summary>
internal sealed class SequenceChecker
{
    private readonly HashSet<long> _missing = [];

    /// <summary>All that came, whether they should have or not.</summary>
    public long Received { get; private set; }

    /// <summary>The highest number that came.</summary>
    public long Last { get; private set; }

    /// <summary>Numbers that were skipped and have not come since.</summary>
    public long Lost => _missing.Count;

    public long Doubled { get; private set; }

    /// <summary>Events that came after one with a higher number, for the first time.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Events whose data is not what was sent.</summary>
    public long Damaged { get; private set; }

    public bool IsFlawless => Lost + Doubled + OutOfOrder + Damaged == 0;

    public void Add(SseEvent e)
    {
        Received++;
        if (!long.TryParse(e.Id, CultureInfo.InvariantCulture, out long number)
            || e.Data != ReplayLog.DataOf(number)
            || e.LastEventId != e.Id)
        {
            Damaged++;
            return;
        }

        if (_missing.Remove(number))
            OutOfOrder++;
        else if (number <= Last)
            Doubled++;
        for (; Last + 1 < number; Last++)
            _missing.Add(Last + 1);
        Last = Math.Max(Last, number);
    }

    public override string ToString() =>
        $"{Received} events, {Lost} lost, {Doubled} doubled, {OutOfOrder} out of order, {Damaged} damaged";
}
