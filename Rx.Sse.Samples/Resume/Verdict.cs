using System.Globalization;

namespace Rx.Sse.Samples.Resume;

/// <summary>What a table of events says about how they were received.</summary>
/// <param name="Events">How many there are.</param>
/// <param name="Doubles">How many of them are there already.</param>
/// <param name="Gaps">How many are missing between the first and the last; null where IDs are not numbers.</param>
internal sealed record Verdict(long Events, long Doubles, long? Gaps)
{
    public bool IsExactlyOnce => Doubles == 0 && Gaps is null or 0;

    public override string ToString() =>
        $"Events: {Events}. Gaps: {Gaps?.ToString(CultureInfo.InvariantCulture) ?? "not to be seen in such IDs"}. "
            + $"Doubles: {Doubles}.";
}
