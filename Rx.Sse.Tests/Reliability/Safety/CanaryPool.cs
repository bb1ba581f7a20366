using System.Buffers;

namespace Rx.Sse.Tests.Reliability.Safety;

/// <summary>
/// Fills the arrays of the shared pool with a byte that no input has. It shows up where something is read that has not
/// been written, or that has been returned too early.
/// </summary>
internal static class CanaryPool
{
    /// <summary>ASCII, so that it survives decoding. The inputs of these tests never have it.</summary>
    public const byte Canary = (byte)'~';

    private const int SmallestArray = 16, LargestArray = 1024 * 1024, ArraysOfASize = 12;

    public static void Fill() => Fill([Canary]);

    /// <param name="pattern">What the arrays are filled with, again and again.</param>
    public static void Fill(ReadOnlySpan<byte> pattern)
    {
        for (int size = SmallestArray; size <= LargestArray; size *= 2)
        {
            byte[][] arrays = [.. Enumerable.Range(0, ArraysOfASize).Select(_ => ArrayPool<byte>.Shared.Rent(size))];
            foreach (byte[] array in arrays)
            {
                // Each step doubles what has been filled.
                pattern.CopyTo(array);
                for (int filled = pattern.Length; filled < array.Length; filled *= 2)
                    array.AsSpan(0, Math.Min(filled, array.Length - filled)).CopyTo(array.AsSpan(filled));
                ArrayPool<byte>.Shared.Return(array);
            }
        }
    }
}
