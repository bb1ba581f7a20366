#if NET
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Rx.Sse.Parsing;

/// <summary>
/// Bytes that are most likely ASCII to UTF-16, in one pass: the characters are right if it returns true, for then all bytes were ASCII.
/// </summary>
internal static class Ascii
{
    /// <summary>As much as is taken at once of a line that is no longer.</summary>
    private const int Block = 64;

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

    /// <summary>
    /// Several lines, with LF between them. False may also mean that bytes near a line were no ASCII: most lines are read beyond their end,
    /// and what that writes is overwritten by the next one.
    /// </summary>
    public static bool TryWiden(ReadOnlySpan<byte> bytes, ReadOnlySpan<SseUtf8Line> lines, ref ushort target, int length)
    {
        int next = 0, written = 0;
        while (true)
        {
            if (!TryWidenBlocks(bytes, lines, ref target, length, ref next, ref written))
                return false;

            // There is no room after the last line, so there is always one left.
            SseUtf8Line line = lines[next++];
            if (!TryWiden(bytes.Slice(line.Start, line.Length), ref Unsafe.Add(ref target, written)))
                return false;
            written += line.Length;
            if (next == lines.Length)
            {
                Debug.Assert(written == length, "The room was made by that length.");
                return true;
            }

            Unsafe.Add(ref target, written++) = '\n';
        }
    }

    /// <summary>Those of the next lines that are short, and around which there is room. Without any call, so that nothing has to be put aside.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryWidenBlocks(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<SseUtf8Line> lines, ref ushort target, int length, ref int next, ref int written)
    {
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        int lastStart = bytes.Length - Block, lastPlace = length - Block;
        Vector256<byte> seen = default;
        int i = next, place = written;
        for (; i < lines.Length && place < lastPlace; i++)
        {
            SseUtf8Line line = lines[i];
            if (line.Length > Block || line.Start > lastStart)
                break;
            ref byte start = ref Unsafe.Add(ref source, (uint)line.Start);
            ref ushort first = ref Unsafe.Add(ref target, (uint)place);
            seen |= Widen(ref start, ref first, 0) | Widen(ref start, ref first, Vector256<byte>.Count);
            place += line.Length;
            Unsafe.Add(ref target, (uint)place++) = '\n';
        }

        next = i;
        written = place;
        return seen.ExtractMostSignificantBits() == 0;
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
