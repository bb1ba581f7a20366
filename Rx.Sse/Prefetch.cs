using System.Runtime.CompilerServices;
#if NET
using X86Sse = System.Runtime.Intrinsics.X86.Sse;
#endif

namespace Rx.Sse;

/// <summary>
/// Asks for memory that will be wanted soon, for what a processor foresees by itself ends with each page. No more than hints: they never fault, so they may
/// point beyond what there is. But only as pointers do they, for a reference must stay within its object.
/// </summary>
internal static class Prefetch
{
    /// <summary>The bytes of a cache line.</summary>
    public const int LineSize = 64;

    /// <summary>How far ahead input is asked for, in bytes.</summary>
    private const int InputAhead = 1536;

    /// <summary>
    /// The same for the heap. .NET makes one object right after the other, and clears the room for them 8 KiB at a time: so this is in none that it has cleared
    /// already, and in one that it clears soon.
    /// </summary>
    private const int HeapAhead = 12 * 1024;

    /// <summary>A cache line of the input after that which is being read. Chunks often come from another core, or from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(ref byte read) => Line(ref read, InputAhead);

    /// <summary>A cache line for objects to come, after that in which a new one is being written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Heap<T>(ref T written) => Line(ref written, HeapAhead);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Line<T>(ref T place, int distance)
    {
#if NET
        if (X86Sse.IsSupported)
            X86Sse.Prefetch0((byte*)Unsafe.AsPointer(ref place) + distance);
#endif
    }
}
