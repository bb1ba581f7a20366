using System.Buffers;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// Fills the arrays of the shared pool with a byte that no input contains. The byte appears in the output if memory is
/// read that has not been written, or that was returned too early.
/// </summary>
internal static class CanaryPool
{
    /// <summary>ASCII, so that decoding preserves it. The inputs of these tests never contain it.</summary>
    public const byte Canary = (byte)'~';

    private const int SmallestArray = 16, LargestArray = 1024 * 1024, ArraysOfASize = 12;

    public static void Fill() => Fill([Canary]);

    /// <param name="pattern">The bytes to fill the arrays with, repeated as needed.</param>
    public static void Fill(ReadOnlySpan<byte> pattern)
    {
        for (int size = SmallestArray; size <= LargestArray; size *= 2)
        {
            byte[][] arrays = [.. Enumerable.Range(0, ArraysOfASize).Select(_ => ArrayPool<byte>.Shared.Rent(size))];
            foreach (byte[] array in arrays)
            {
                // Each step doubles the filled part.
                pattern.CopyTo(array);
                for (int filled = pattern.Length; filled < array.Length; filled *= 2)
                    array.AsSpan(0, Math.Min(filled, array.Length - filled)).CopyTo(array.AsSpan(filled));
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }
}
