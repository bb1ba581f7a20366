using System.Diagnostics;

namespace Rx.Sse.Tests.Reliability.Soak;

/// <summary>The resources that this process holds. Sizes are in bytes.</summary>
/// <param name="Heap">Memory that is still in use after garbage collection.</param>
/// <param name="Private">Memory that is not shared with other processes.</param>
/// <param name="WorkingSet">Memory that is in RAM.</param>
/// <param name="Handles">Open handles, or file descriptors.</param>
/// <param name="Threads">Threads of the operating system.</param>
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
