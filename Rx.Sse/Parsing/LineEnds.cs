#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#else
using System.Buffers.Binary;
#endif
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rx.Sse.Parsing;

/// <summary>
/// Finds where lines end: at each LF, CR, and CR of a CRLF. Looks at windows of 64 bytes and tells what it found there as bits, so that short lines,
/// which are usual, cost a few instructions each instead of a search. All of it is static, for then its callers can keep the bits in a register.
/// </summary>
internal static class LineEnds
{
    /// <summary>The bytes of a window. An input has no fewer.</summary>
    public const int Window = 64;

    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';

    /// <summary>A bit for each line end of the window that begins at the start of a line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Find(ref byte input, int length, int lineStart)
    {
        if (lineStart > length - Window)
            return FindLast(ref input, length, lineStart, isAfterCarriageReturn: 0);
        Work.Add(Window);
        return Find(ref Unsafe.Add(ref input, (uint)lineStart), isAfterCarriageReturn: 0);
    }

    /// <summary>The next window with a line end, of those that follow a window one after the other. It has no bits if there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static (int Window, ulong Bits) Next(ref byte input, int length, int window)
    {
        int before = window;
        ulong bits = 0;
        while (bits == 0)
        {
            window += Window;
            if (window >= length)
                break;

            ulong isAfterCarriageReturn = Unsafe.Add(ref input, window - 1) == CarriageReturn ? 1UL : 0;
            bits = window <= length - Window
                ? Find(ref Unsafe.Add(ref input, window), isAfterCarriageReturn)
                : FindLast(ref input, length, window, isAfterCarriageReturn);
        }

        Work.Add(window - before);
        return (window, bits);
    }

    /// <summary>How many bytes the line ends take, of which a CRLF has two.</summary>
    public static int CountBytes(ReadOnlySpan<byte> input)
    {
        Work.Add(input.Length);
        int count = 0;
        int i = 0;
        for (; i <= input.Length - Window; i += Window)
        {
            (ulong lineFeeds, ulong carriageReturns) = FindBoth(ref Unsafe.Add(ref MemoryMarshal.GetReference(input), i));
            count += CountOf(lineFeeds | carriageReturns);
        }

        for (; i < input.Length; i++)
        {
            if (input[i] is LineFeed or CarriageReturn)
                count++;
        }

        return count;
    }

    /// <summary>The last bytes are looked at together with some before, which are then shifted out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong FindLast(ref byte input, int length, int start, ulong isAfterCarriageReturn)
    {
        if (start >= length)
            return 0;
        Work.Add(Window);
        int seen = start - (length - Window);
        return Find(ref Unsafe.Add(ref input, length - Window), isAfterCarriageReturn << seen) >> seen;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(ref byte start, ulong isAfterCarriageReturn)
    {
        (ulong lineFeeds, ulong carriageReturns) = FindBoth(ref start);
        return WithoutSecondHalves(lineFeeds, carriageReturns, isAfterCarriageReturn);
    }

    /// <summary>An LF directly after a CR is none; for the first byte, the argument tells.</summary>
    private static ulong WithoutSecondHalves(ulong lineFeeds, ulong carriageReturns, ulong isAfterCarriageReturn) =>
        carriageReturns | lineFeeds & ~(carriageReturns << 1 | isAfterCarriageReturn);

#if NET
    /// <summary>The place of the lowest bit; 64 if there is none.</summary>
    public static int LowestOf(ulong bits) => BitOperations.TrailingZeroCount(bits);

    private static int CountOf(ulong bits) => BitOperations.PopCount(bits);

    /// <summary>A bit for each LF of a window, and one for each CR.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong LineFeeds, ulong CarriageReturns) FindBoth(ref byte start)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<byte> bytes = Vector512.LoadUnsafe(ref start);
            return (Vector512.Equals(bytes, Vector512.Create(LineFeed)).ExtractMostSignificantBits(),
                Vector512.Equals(bytes, Vector512.Create(CarriageReturn)).ExtractMostSignificantBits());
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> first = Vector256.LoadUnsafe(ref start), second = Vector256.LoadUnsafe(ref start, 32);
            return (Find(first, second, LineFeed), Find(first, second, CarriageReturn));
        }

        return (Find128(ref start, LineFeed), Find128(ref start, CarriageReturn));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(Vector256<byte> first, Vector256<byte> second, byte value) =>
        Vector256.Equals(first, Vector256.Create(value)).ExtractMostSignificantBits()
        | (ulong)Vector256.Equals(second, Vector256.Create(value)).ExtractMostSignificantBits() << 32;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Find128(ref byte start, byte value)
    {
        ulong bits = 0;
        for (int i = Window - Vector128<byte>.Count; i >= 0; i -= Vector128<byte>.Count)
            bits = bits << Vector128<byte>.Count | Vector128.Equals(Vector128.LoadUnsafe(ref start, (nuint)i), Vector128.Create(value)).ExtractMostSignificantBits();
        return bits;
    }
#else
    private const ulong Ones = 0x0101010101010101, LowBits = 0x7F * Ones;

    /// <summary>The place of the lowest bit; 64 if there is none.</summary>
    public static int LowestOf(ulong bits) => CountOf(~bits & (bits - 1));

    private static int CountOf(ulong bits)
    {
        bits -= bits >> 1 & 0x55 * Ones;
        bits = (bits & 0x33 * Ones) + (bits >> 2 & 0x33 * Ones);
        return (int)((bits + (bits >> 4) & 0x0F * Ones) * Ones >> 56);
    }

    private static (ulong LineFeeds, ulong CarriageReturns) FindBoth(ref byte start) => (FindEach(ref start, LineFeed), FindEach(ref start, CarriageReturn));

    private static ulong FindEach(ref byte start, byte value)
    {
        ulong bits = 0;
        for (int i = 0; i < Window; i += sizeof(ulong))
        {
            ulong bytes = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, i));
            if (!BitConverter.IsLittleEndian)
                bytes = BinaryPrimitives.ReverseEndianness(bytes);
            bits |= Find(bytes, value) << i;
        }

        return bits;
    }

    /// <summary>A bit for each of eight bytes that has the value. Those that do not are made to have their highest bit; the product gathers the others.</summary>
    private static ulong Find(ulong bytes, byte value)
    {
        ulong difference = bytes ^ value * Ones;
        ulong others = (difference & LowBits) + LowBits | difference | LowBits;
        return (~others >> 7) * 0x0102040810204080 >> 56;
    }
#endif
}
