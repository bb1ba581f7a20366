using System.Collections.Concurrent;

namespace Rx.Sse.Tests.Reliability;

/// <summary>Counts things by kind, from any thread.</summary>
internal sealed class Tally<TKind>
    where TKind : notnull
{
    private readonly ConcurrentDictionary<TKind, int> _counts = new();

    public int Total => _counts.Values.Sum();

    public int this[TKind kind] => _counts.GetValueOrDefault(kind);

    public void Add(TKind kind) => _counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    /// <summary>The total count of all matching kinds.</summary>
    public int Count(Func<TKind, bool> isAlike) => _counts.Where(count => isAlike(count.Key)).Sum(count => count.Value);

    /// <summary>The counts by a common property of the kinds, the most frequent first.</summary>
    public string By<TGroup>(Func<TKind, TGroup> group) => string.Join(", ", _counts
        .GroupBy(count => group(count.Key), count => count.Value)
        .Select(counts => (counts.Key, Count: counts.Sum()))
        .OrderByDescending(counts => counts.Count)
        .Select(counts => $"{counts.Key} {counts.Count}"));

    public override string ToString() => By(kind => kind);
}
