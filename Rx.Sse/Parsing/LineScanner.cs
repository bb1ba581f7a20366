#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#endif
using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <summary>
/// Finds line ends: each single LF or CR, and the CR of each CRLF. It examines a window of 64 bytes at a time and
/// returns a bit for each byte, so that a short line costs a few instructions instead of a search.
/// </summary>
/// <remarks>
/// Every access goes through a span, which checks its bounds. If another thread changes the bytes during the scan, the
/// bits may be wrong, but never point outside the window. <c>LineScannerTests</c> compares the result with a search
/// byte by byte.
/// </remarks>
internal static class LineScanner
{
    /// <summary>The size of a window, in bytes, and the minimum size of an input.</summary>
    public const int Window = 64;

    /// <summary>
    /// <c>AggressiveOptimization</c>, which .NET Standard 2.0 does not define. Without optimization, the JIT compiles
    /// each vector operation to a call, which slows down the first milliseconds of a process.
    /// </summary>
    private const MethodImplOptions OptimizedAtOnce = (MethodImplOptions)512;

    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';

    /// <summary>
    /// Returns a bit for each line end of the window at <paramref name="start"/>. The start must not be the LF of a
    /// CRLF, which would count as a line end. At the end of the input, the window is shorter.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining | OptimizedAtOnce)]
    public static ulong Find(ReadOnlySpan<byte> input, int start)
    {
        if (start > input.Length - Window)
            return FindLast(input, start);
        Work.Add(Window);
        (ulong lineFeeds, ulong carriageReturns) = FindBoth(input.Slice(start, Window));
        return Combine(lineFeeds, carriageReturns);
    }

    /// <summary>
    /// Returns the next window with a line end, after the one at <paramref name="window"/>, and its bits; no bits if
    /// there is none. If the parser has read beyond the window, for example the LF of a CRLF, the next window starts at
    /// <paramref name="lineStart"/>.
    /// </summary>
    [MethodImpl(OptimizedAtOnce)]
    public static (int Window, ulong Bits) Next(ReadOnlySpan<byte> input, int window, int lineStart)
    {
        int start = Math.Max(window + Window, lineStart);
        for (int near = Math.Min(start + 8 * Window, input.Length); start < near; start += Window)
        {
            ulong bits = Find(input, start);
            if (bits != 0)
                return (start, bits);
        }

        // In a long line, the framework is faster, but its search has a higher fixed cost.
        int length = input[Math.Min(start, input.Length)..].IndexOfAny(CarriageReturn, LineFeed);
        Work.Add(length < 0 ? Math.Max(input.Length - start, 0) : length);
        return length < 0 ? (window, 0) : (start + length, Find(input, start + length));
    }

    /// <summary>
    /// Determines whether there is a NUL from <paramref name="start"/> to <paramref name="end"/>. An ID of up to 16
    /// bytes takes one comparison.
    /// </summary>
    public static bool ContainsNull(ReadOnlySpan<byte> input, int start, int end)
    {
#if NET
        if (Vector128.IsHardwareAccelerated
            && end - start <= Vector128<byte>.Count && input.Length - start >= Vector128<byte>.Count)
        {
            Vector128<byte> nulls = Vector128.Equals(Vector128.Create(input[start..]), Vector128<byte>.Zero);
            return BitOperations.TrailingZeroCount(nulls.ExtractMostSignificantBits()) < end - start;
        }
#endif
        return input[start..end].IndexOf((byte)0) >= 0;
    }

    /// <summary>
    /// Handles the end of the input, where less than a window is left: examines the last 64 bytes, and shifts out the
    /// bits of those before <paramref name="start"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong FindLast(ReadOnlySpan<byte> input, int start)
    {
        int left = input.Length - start;
        if (left <= 0)
            return 0;
        Work.Add(Window);
        (ulong lineFeeds, ulong carriageReturns) = FindBoth(input[^Window..]);
        return Combine(lineFeeds >> (Window - left), carriageReturns >> (Window - left));
    }

    /// <summary>Combines the bits, without each LF directly after a CR, which is the second half of a CRLF.</summary>
    private static ulong Combine(ulong lineFeeds, ulong carriageReturns) =>
        carriageReturns | lineFeeds & ~(carriageReturns << 1);

    /// <summary>Returns a bit for each LF of a window, and a bit for each CR.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining | OptimizedAtOnce)]
    private static (ulong LineFeeds, ulong CarriageReturns) FindBoth(ReadOnlySpan<byte> window)
    {
#if NET
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<byte> bytes = Vector512.Create(window);
            return (Vector512.Equals(bytes, Vector512.Create(LineFeed)).ExtractMostSignificantBits(),
                Vector512.Equals(bytes, Vector512.Create(CarriageReturn)).ExtractMostSignificantBits());
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<byte> first = Vector256.Create(window), second = Vector256.Create(window[32..]);
            return (Find(first, second, LineFeed), Find(first, second, CarriageReturn));
        }

        if (Vector128.IsHardwareAccelerated)
            return Find128(window);
#endif
        return FindWithoutVectors(window);
    }

#if NET
    /// <summary>Returns the position of the lowest bit; 64 if there is none.</summary>
    public static int LowestOf(ulong bits) => BitOperations.TrailingZeroCount(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Find(Vector256<byte> first, Vector256<byte> second, byte value) =>
        Vector256.Equals(first, Vector256.Create(value)).ExtractMostSignificantBits()
        | (ulong)Vector256.Equals(second, Vector256.Create(value)).ExtractMostSignificantBits() << 32;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (ulong LineFeeds, ulong CarriageReturns) Find128(ReadOnlySpan<byte> window)
    {
        ulong lineFeeds = 0, carriageReturns = 0;
        for (int i = Window - Vector128<byte>.Count; i >= 0; i -= Vector128<byte>.Count)
        {
            Vector128<byte> bytes = Vector128.Create(window[i..]);
            lineFeeds = lineFeeds << Vector128<byte>.Count
                | Vector128.Equals(bytes, Vector128.Create(LineFeed)).ExtractMostSignificantBits();
            carriageReturns = carriageReturns << Vector128<byte>.Count
                | Vector128.Equals(bytes, Vector128.Create(CarriageReturn)).ExtractMostSignificantBits();
        }

        return (lineFeeds, carriageReturns);
    }
#else
    /// <summary>Returns the position of the lowest bit; 64 if there is none.</summary>
    public static int LowestOf(ulong bits)
    {
        int place = 0;
        for (; place < Window && (bits & 1) == 0; place++)
            bits >>= 1;
        return place;
    }
#endif

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (ulong LineFeeds, ulong CarriageReturns) FindWithoutVectors(ReadOnlySpan<byte> window)
    {
        ulong lineFeeds = 0, carriageReturns = 0;
        for (int i = Window - 1; i >= 0; i--)
        {
            lineFeeds = lineFeeds << 1 | (window[i] == LineFeed ? 1UL : 0);
            carriageReturns = carriageReturns << 1 | (window[i] == CarriageReturn ? 1UL : 0);
        }

        return (lineFeeds, carriageReturns);
    }
}
