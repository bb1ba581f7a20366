namespace Rx.Sse.Benchmarks;

/// <summary>
/// The numbers of runs for <see cref="Turns"/>. The JIT optimizes methods in the background after 30 calls, when no new
/// method has been called for 100 ms. So there are pauses between the warm-ups.
/// </summary>
internal sealed record TurnCounts(int WarmUps, TimeSpan Pause, int Rounds)
{
    public static TurnCounts Full { get; } = new(WarmUps: 40, TimeSpan.FromMilliseconds(25), Rounds: 31);

    /// <summary>Gets fewer runs, which are enough to see a large difference.</summary>
    public static TurnCounts Quick { get; } = new(WarmUps: 32, TimeSpan.FromMilliseconds(10), Rounds: 9);
}
