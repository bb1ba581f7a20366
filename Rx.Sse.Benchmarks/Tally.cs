namespace Rx.Sse.Benchmarks;

/// <summary>The totals that a parser has reported: the number of events and the length of their data.</summary>
internal readonly record struct Tally(long Events, long Length)
{
    public Tally Add(int length) => new(Events + 1, Length + length);
}
