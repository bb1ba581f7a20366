using System.Diagnostics;

namespace Rx.Sse.Tests.Reliability.Soak;

/// <summary>What this process holds. Sizes are bytes.</summary>
/// <param name="Heap">What the collector has left over.</param>
/// <param name="Private">Memory that is nobody else's.</param>
/// <param name="WorkingSet">Memory that is in RAM.</param>
/// <param name="Handles">Open handles, or file descriptors.</param>
/// <param name="Threads">Of the operating system.</param>
internal readonly record struct ProcessFigures(long Heap, long Private, long WorkingSet, int Handles, int Threads)
{
    /// <summary>Collects all garbage first.</summary>
    public static ProcessFigures Take()
    {
        long heap = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return new ProcessFigures(
            heap, process.PrivateMemorySize64, process.WorkingSet64, process.HandleCount, process.Threads.Count);
    }
}
