namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Counts how often each case was reached. Inputs that never reach the interesting cases find nothing there.
/// </summary>
internal sealed class Tally(string inputs)
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public int Inputs { get; private set; }

    public long this[string what] => _counts.GetValueOrDefault(what);

    public void AddInput() => Inputs++;

    public void Add(string what, long count = 1) => _counts[what] = this[what] + count;

    public override string ToString() =>
        $"{Inputs} {inputs}: {string.Join(", ", _counts.Select(pair => $"{pair.Key} {pair.Value}"))}";
}
