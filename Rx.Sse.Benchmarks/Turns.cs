using System.Diagnostics;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// Runs several things in turns, so that whatever else a machine does hits all of them, and compares those of each turn: the ratio holds
/// where single times do not.
/// </summary>
internal static class Turns
{
    /// <summary>The compiler takes a closer look at what has been called thirty times.</summary>
    private const int WarmUps = 40;

    private const int Rounds = 41;

    /// <summary>Between warm-ups, for the compiler, which works in the background.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>To be called before each turn: else it may always be the same one in whose turn the heap is full.</summary>
    public static void Begin() => GC.Collect();

    /// <summary>The seconds that each of them took, turn by turn.</summary>
    public static double[][] Measure(params Func<long>[] runs)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            foreach (Func<long> run in runs)
                run();
            Thread.Sleep(Pause);
        }

        double[][] seconds = [.. runs.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < runs.Length; i++)
            {
                Begin();
                long start = Stopwatch.GetTimestamp();
                runs[i]();
                seconds[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return seconds;
    }

    /// <summary>How many times as fast as the peer: the median of all turns.</summary>
    public static double Ratio(double[] peer, double[] seconds) => Percentile([.. peer.Zip(seconds, (other, own) => other / own)], 0.5);

    public static double Percentile(double[] values, double part) => values.Order().ElementAt((int)(part * (values.Length - 1)));
}
