#if NET
using System.Numerics;
using System.Runtime.Intrinsics;
#endif
using System.Runtime.CompilerServices;

namespace Rx.Sse.Parsing;

/// <summary>
/// Finds where lines end: at each LF, each CR, and the CR of each CRLF. It looks at windows of 64 bytes and reports
/// what it found as bits, so that a short line costs a few instructions instead of a search.
/// </summary>
/// <remarks>
/// Every access goes through a span, so its bounds are checked whatever the bytes are. If someone changes the bytes
/// meanwhile, the bits may be outdated, but never point outside the window.
/// <c>LineScannerTests</c> compares it with a search byte by byte.
/// </remarks>
internal static class LineScanner
{
    /// <summary>The bytes of a window. An input has at least as many.</summary>
    public const int Window = 64;

    /// <summary>
    /// <c>AggressiveOptimization</c>, which .NET Standard 2.0 does not name. The code that is compiled first makes a
    /// call for each vector operation, which slows down the first milliseconds of a process.
    /// </summary>
    private const MethodImplOptions OptimizedAtOnce = (MethodImplOptions)512;

    private const byte LineFeed = (byte)'\n', CarriageReturn = (byte)'\r';

    /// <summary>
    /// A bit for each line end of the window that begins at <paramref name="start"/>, which is the start of a line or a
    /// line end. There are fewer bits than bytes in a window at the end of the input.
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
    /// The next window with a line end, after the one that begins at <paramref name="window"/>, and its bits. No bits
    /// if there is none. <paramref name="lineStart"/> is past that window if its last byte is a CR and an LF follows.
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

        // The framework is faster in a long line, but takes longer to begin.
        int length = input[Math.Min(start, input.Length)..].IndexOfAny(CarriageReturn, LineFeed);
        Work.Add(length < 0 ? Math.Max(input.Length - start, 0) : length);
        return length < 0 ? (window, 0) : (start + length, Find(input, start + length));
    }

    /// <summary>
    /// Whether there is a NUL from <paramref name="start"/> to <paramref name="end"/>. An ordinary ID takes one
    /// comparison.
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
    /// Fewer bytes than a window are left: they are looked at together with some before them, whose bits are shifted
    /// out.
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

    /// <summary>Without an LF directly after a CR, which is the second half of a CRLF.</summary>
    private static ulong Combine(ulong lineFeeds, ulong carriageReturns) =>
        carriageReturns | lineFeeds & ~(carriageReturns << 1);

    /// <summary>A bit for each LF of a window, and a bit for each CR.</summary>
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
    /// <summary>The place of the lowest bit; 64 if there is none.</summary>
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
    /// <summary>The place of the lowest bit; 64 if there is none.</summary>
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
