using System.Diagnostics;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// Runs several things in turns, so that whatever else a machine does hits all of them, and compares those of each
/// turn: the ratio holds where single times do not.
/// </summary>
internal static class Turns
{
    /// <summary>
    /// Collects the heap before a turn, because otherwise it may always be full in the same one's turns.
    /// </summary>
    public static void Begin() => GC.Collect();

    /// <summary>Returns the seconds that each of the runs took, turn by turn.</summary>
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
                // Each is first equally often.
                int i = (round + turn) % runs.Length;
                Begin();
                long start = Stopwatch.GetTimestamp();
                runs[i]();
                seconds[i][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        return seconds;
    }

    /// <summary>Returns how many times as fast as the peer: the median of all turns.</summary>
    public static double Ratio(double[] peer, double[] seconds) =>
        Percentile([.. peer.Zip(seconds, (other, own) => other / own)], 0.5);

    public static double Percentile(double[] values, double part) =>
        values.Order().ElementAt((int)(part * (values.Length - 1)));
}
