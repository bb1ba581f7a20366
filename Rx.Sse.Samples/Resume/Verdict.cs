namespace Rx.Sse.Samples.Resume;

/// <summary>What the database says about how the events of a stream were received.</summary>
/// <param name="Events">The number of events.</param>
/// <param name="Duplicates">How many of them are stored more than once.</param>
/// <param name="Missing">How many IDs are missing between the first and the last; null if IDs are not numbers.</param>
internal sealed record Verdict(long Events, long Duplicates, long? Missing)
{
    public bool IsExactlyOnce => Duplicates == 0 && Missing is null or 0;

    /// <summary>Describes it, with the number of events that are expected if that is known.</summary>
    public string Describe(int? expected)
    {
        string missing = Missing is { } count ? $"{count} missing" : "missing ones unknown because IDs are not numbers";
        return $"{Events}{(expected is null ? "" : $" of {expected}")} events in the database: {missing}, "
            + $"{Duplicates} stored twice.";
    }
}
