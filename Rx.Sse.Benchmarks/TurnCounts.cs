namespace Rx.Sse.Benchmarks;

/// <summary>
/// How often <see cref="Turns"/> runs things. The compiler optimizes in the background what was called 30 times, once
/// nothing new was called for 100 ms; so the warm-ups have pauses.
/// </summary>
internal sealed record TurnCounts(int WarmUps, TimeSpan Pause, int Rounds)
{
    public static TurnCounts Full { get; } = new(WarmUps: 40, TimeSpan.FromMilliseconds(25), Rounds: 31);

    /// <summary>Gets fewer turns: enough to see a large difference.</summary>
    public static TurnCounts Quick { get; } = new(WarmUps: 32, TimeSpan.FromMilliseconds(10), Rounds: 9);
}
