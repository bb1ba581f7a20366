using System.Globalization;

namespace Rx.Sse.Tests.Reliability.Replay;

/// <summary>
/// Compares the events of one stream with those of the <see cref="ReplayLog"/>: 1, 2, 3 and so on, each complete.
/// </summary>
internal sealed class SequenceChecker
{
    private readonly HashSet<long> _missing = [];

    /// <summary>How many events were received, expected or not.</summary>
    public long Received { get; private set; }

    /// <summary>The highest number received.</summary>
    public long Last { get; private set; }

    /// <summary>How many events were skipped and have not arrived since.</summary>
    public long Lost => _missing.Count;

    public long Doubled { get; private set; }

    /// <summary>How many events first arrived after one with a higher number.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>How many events had data that differs from what was sent.</summary>
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
