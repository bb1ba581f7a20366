using System.Runtime.CompilerServices;

namespace Rx.Sse.Internal;

/// <summary>
/// Two fences that work against each other: of two threads that each write something and then read what the other has
/// written, at least one sees it. The one that does so all the time pays nothing, the other one pays for both.
/// </summary>
internal static class AsymmetricFence
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Light()
    {
#if !NET
        Interlocked.MemoryBarrier();
#endif
    }

    public static void Heavy()
    {
#if NET
        // The browser has one thread.
        if (!OperatingSystem.IsBrowser())
            Interlocked.MemoryBarrierProcessWide();
#else
        Interlocked.MemoryBarrier();
#endif
    }
}
