namespace Rx.Sse.Benchmarks.Inputs;

internal static class RandomExtensions
{
    public static T GetItem<T>(this Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    /// <summary>Returns a random size between 0.5 and 1.5 times the mean, at least 1.</summary>
    public static int NextSize(this Random random, int mean) => Math.Max(1, random.Next(mean / 2, mean + mean / 2 + 1));
}
