using System.Diagnostics;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// Runs several actions in turns, so that other load on the machine affects all of them, and compares the times within
/// each turn. The ratios are stable even if the individual times are not.
/// </summary>
internal static class Turns
{
    /// <summary>
    /// Collects the garbage before a turn. Otherwise, collections might always happen in the turns of the same action.
    /// </summary>
    public static void Begin() => GC.Collect();

    /// <summary>Returns the seconds that each of the actions took, turn by turn.</summary>
    public static double[][] Measure(TurnCounts counts, params Action[] runs)
    {
        for (int i = 0; i < counts.WarmUps; i++)
        {
            foreach (Action run in runs)
                run();
            Thread.Sleep(counts.Pause);
        }

        double[][] seconds = [.. runs.Select(_ => new double[counts.Rounds])];
        for (int round = 0; round < counts.Rounds; round++)
        {
            for (int turn = 0; turn < runs.Length; turn++)
            {
                // Each action comes first equally often.
                int i = (round + turn) % runs.Length;
                Begin();
                long start = Stopwatch.GetTimestamp();
                runs[i]();
                seconds[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return seconds;
    }

    /// <summary>Returns the speed relative to the peer: the median of the ratios of all turns.</summary>
    public static double Ratio(double[] peer, double[] seconds) =>
        Percentile([.. peer.Zip(seconds, (other, own) => other / own)], 0.5);

    public static double Percentile(double[] values, double part) =>
        values.Order().ElementAt((int)(part * (values.Length - 1)));
}
