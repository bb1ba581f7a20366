#if NET
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rx.Sse.Parsing;

/// <summary>
/// Bytes that are most likely ASCII to UTF-16, in one pass: the characters are right if it returns true, for then all bytes were ASCII.
/// </summary>
internal static class Ascii
{
    public static bool TryWiden(ReadOnlySpan<byte> bytes, ref ushort target)
    {
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        int length = bytes.Length;
        if (length >= Vector256<byte>.Count)
        {
            // The last vector overlaps the one before.
            Vector256<byte> seen = default;
            int last = length - Vector256<byte>.Count;
            for (int i = 0; i < last; i += Vector256<byte>.Count)
                seen |= Widen(ref source, ref target, i);
            seen |= Widen(ref source, ref target, last);
            return seen.ExtractMostSignificantBits() == 0;
        }

        if (length >= Vector128<byte>.Count)
        {
            int last = length - Vector128<byte>.Count;
            Vector128<byte> start = Vector128.LoadUnsafe(ref source), end = Vector128.LoadUnsafe(ref source, (nuint)last);
            Vector256.Create(Vector128.WidenLower(start), Vector128.WidenUpper(start)).StoreUnsafe(ref target);
            Vector256.Create(Vector128.WidenLower(end), Vector128.WidenUpper(end)).StoreUnsafe(ref target, (nuint)last);
            return (start | end).ExtractMostSignificantBits() == 0;
        }

        if (length >= sizeof(ulong))
        {
            int last = length - sizeof(ulong);
            Vector128<byte> both = Vector128.Create(
                Unsafe.ReadUnaligned<ulong>(ref source), Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, last))).AsByte();
            Vector128.WidenLower(both).StoreUnsafe(ref target);
            Vector128.WidenUpper(both).StoreUnsafe(ref target, (nuint)last);
            return both.ExtractMostSignificantBits() == 0;
        }

        return WidenEach(ref source, ref target, length) < 0x80;
    }

    private static int WidenEach(ref byte source, ref ushort target, int length)
    {
        int values = 0;
        for (int i = 0; i < length; i++)
        {
            byte value = Unsafe.Add(ref source, i);
            values |= value;
            Unsafe.Add(ref target, i) = value;
        }

        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Widen(ref byte source, ref ushort target, int start)
    {
        Vector256<byte> bytes = Vector256.LoadUnsafe(ref source, (nuint)start);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512.WidenLower(bytes.ToVector512Unsafe()).StoreUnsafe(ref target, (nuint)start);
        }
        else
        {
            (Vector256<ushort> lower, Vector256<ushort> upper) = Vector256.Widen(bytes);
            lower.StoreUnsafe(ref target, (nuint)start);
            upper.StoreUnsafe(ref target, (nuint)start + 16);
        }

        return bytes;
    }
}
#endif
