#if NET
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
#endif

namespace Rx.Sse.Parsing;

/// <summary>
/// Decodes UTF-8 (Encoding Standard, "UTF-8 decode"): each maximal subpart of an ill-formed sequence becomes one
/// U+FFFD. Each value can be decoded separately, because colons and line ends are ASCII, which ends any sequence.
/// </summary>
/// <remarks>
/// <para>
/// Well-formed text is decoded in two passes: the UTF-16 units are counted, and a string of that length is filled.
/// Ill-formed text is copied, and the framework decodes the copy. <c>Utf8DecoderTests</c> compares the result with
/// <c>Encoding.UTF8</c>.
/// </para>
/// <para>
/// The bytes may be in a caller's buffer that another thread overwrites. Therefore the second pass uses nothing from
/// the first one but the length of the string, and accesses bytes and string through spans only. If it does not end
/// exactly at the end of both, the bytes are copied and decoded again.
/// </para>
/// <para>
/// The methods with vectors are optimized at once, because without optimization the JIT compiles each vector operation
/// to a call. The loop that calls them is not, because it would lose dynamic PGO.
/// </para>
/// </remarks>
internal static class Utf8Decoder
{
#if NET
    /// <summary>The number of bytes from which on the framework decodes ASCII faster.</summary>
    private const int LongRun = 512;

    /// <summary>Strings of one ASCII character, which some language models send one by one.</summary>
    private static readonly string[] AsciiStrings =
        [.. Enumerable.Range(0, 0x80).Select(character => ((char)character).ToString())];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length == 1 && utf8[0] is < 0x80 and var character)
            return AsciiStrings[character];

        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            // Well-formed text never has more UTF-16 units than bytes.
            uint count = Ascii.IsValid(utf8) ? (uint)utf8.Length : CountUnits(utf8);
            if (count > 0 && count <= (uint)utf8.Length)
            {
                string text = new('\0', (int)count);
                Span<ushort> target = CharactersOf(text);
                if (utf8.Length == target.Length && DecodeAscii(utf8, target) == utf8.Length || TryDecode(utf8, target))
                    return text;
            }
        }

        return Encoding.UTF8.GetString(utf8.ToArray());
    }

#pragma warning disable RS0030 // string.Create cannot take a span on .NET 8.
    /// <summary>Returns the characters of a new string, which are written before anyone else gets the string.</summary>
    private static Span<ushort> CharactersOf(string text) => MemoryMarshal.Cast<char, ushort>(
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(text.AsSpan()), text.Length));

    private static Span<char> AsChars(Span<ushort> units) => MemoryMarshal.Cast<ushort, char>(units);
#pragma warning restore RS0030

    /// <summary>
    /// Counts the UTF-16 units of well-formed text: one for each byte that is not a continuation byte, and one more for
    /// each sequence of four bytes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static uint CountUnits(ReadOnlySpan<byte> utf8)
    {
        uint count = (uint)utf8.Length;
        if (utf8.Length < Vector256<byte>.Count)
        {
            foreach (byte value in utf8)
                count += (value >= 0xF0 ? 1u : 0) - ((value & 0xC0) == 0x80 ? 1u : 0);
            return count;
        }

        int i = 0;
        for (; i <= utf8.Length - Vector256<byte>.Count; i += Vector256<byte>.Count)
            count += UnitsMinusBytes(Vector256.Create(utf8[i..]), 0);

        // The last vector overlaps the one before; bytes that have been counted are shifted out.
        int last = utf8.Length - Vector256<byte>.Count;
        return i == utf8.Length ? count : count + UnitsMinusBytes(Vector256.Create(utf8[last..]), i - last);
    }

    /// <summary>
    /// Returns the number of UTF-16 units minus the number of bytes, from a position in the vector on.
    /// </summary>
    private static uint UnitsMinusBytes(Vector256<byte> bytes, int start)
    {
        Vector256<byte> continuations = Vector256.LessThan(bytes.AsSByte(), Vector256.Create((sbyte)-64)).AsByte();
        Vector256<byte> leadsOfFour = Vector256.GreaterThanOrEqual(bytes, Vector256.Create((byte)0xF0));
        return (uint)BitOperations.PopCount(leadsOfFour.ExtractMostSignificantBits() >> start)
            - (uint)BitOperations.PopCount(continuations.ExtractMostSignificantBits() >> start);
    }

    /// <summary>
    /// Fills the target. Returns false if the text is not well-formed, or does not fill the target exactly. Uses
    /// vectors only where two sequences of the same length follow each other. For a single accent or space, plain code
    /// is faster, because the branch predictor knows its length before the byte has been loaded.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryDecode(ReadOnlySpan<byte> utf8, Span<ushort> target)
    {
        int read = 0, written = 0;
        while (read < utf8.Length && written < target.Length)
        {
            uint lead = utf8[read];
            int length = Utf8Sequence.LengthOf(lead);
            int next = read + length;
            if (next < utf8.Length && Utf8Sequence.LengthOf(utf8[next]) == length)
            {
                int count = length == 1 ? DecodeAscii(utf8[read..], target[written..])
                    : length == 2 ? DecodeTwoByteSequences(utf8[read..], target[written..])
                    : length == 3 ? DecodeThreeByteSequences(utf8[read..], target[written..])
                    : 0;
                read += length * count;
                written += count;
                if (count > 0)
                    continue;
            }

            ReadOnlySpan<byte> rest = utf8[(read + 1)..];
            uint codePoint = length == 1 ? lead
                : length == 2 ? Utf8Sequence.TwoBytes(lead, rest)
                : length == 3 ? Utf8Sequence.ThreeBytes(lead, rest)
                : Utf8Sequence.FourBytes(lead, rest);
            if (codePoint == Utf8Sequence.IllFormed)
                return false;
            read += length;
            if (codePoint < 0x10000)
            {
                target[written++] = (ushort)codePoint;
                continue;
            }

            if (target.Length - written < 2)
                return false;
            target[written++] = (ushort)(0xD7C0 + (codePoint >> 10));
            target[written++] = (ushort)(0xDC00 + (codePoint & 0x3FF));
        }

        return read == utf8.Length && written == target.Length;
    }

    // Each of the following methods decodes sequences of one length from the start of the text, and returns their
    // number. A vector is always written as a whole; the next step overwrites the units that are not valid. Sequences
    // of two and three bytes are only decoded by vectors: the result is 0 if less than one is left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int DecodeAscii(ReadOnlySpan<byte> utf8, Span<ushort> target)
    {
        int count = 0, length = Math.Min(utf8.Length, target.Length);
        if (length >= Vector256<byte>.Count)
        {
            // The last step overlaps the one before, and decodes again what it overwrites.
            for (int last = length - Vector256<byte>.Count; ; count = Math.Min(count + Vector256<byte>.Count, last))
            {
                uint nonAscii = Widen(utf8[count..], target[count..]).ExtractMostSignificantBits();
                if (nonAscii != 0 || count == last)
                    return count + BitOperations.TrailingZeroCount(nonAscii);
                if (last >= LongRun)
                {
                    // The framework aligns its writes, but has a higher fixed cost.
                    count += Vector256<byte>.Count;
                    Ascii.ToUtf16(utf8[count..length], AsChars(target[count..]), out int more);
                    return count + more;
                }
            }
        }

        if (length >= sizeof(ulong))
        {
            for (int last = length - sizeof(ulong); ; count = Math.Min(count + sizeof(ulong), last))
            {
                ulong nonAscii = WidenEight(BinaryPrimitives.ReadUInt64LittleEndian(utf8[count..]), target[count..]);
                if (nonAscii != 0 || count == last)
                    return count + BitOperations.TrailingZeroCount(nonAscii) / 8;
            }
        }

        for (; count < length && utf8[count] is < 0x80 and var value; count++)
            target[count] = value;
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int DecodeTwoByteSequences(ReadOnlySpan<byte> utf8, Span<ushort> target)
    {
        int count = 0;
        while (utf8.Length - 2 * count >= Vector128<byte>.Count && target.Length - count >= Vector128<ushort>.Count)
        {
            Vector128<ushort> sequences = Vector128.Create(utf8[(2 * count)..]).AsUInt16();
            Vector128<ushort> units =
                (sequences & Vector128.Create((ushort)0x1F)) << 6 | sequences >>> 8 & Vector128.Create((ushort)0x3F);
            units.CopyTo(target[count..]);

            // 110xxxxx 10xxxxxx, not overlong.
            Vector128<ushort> marks = sequences & Vector128.Create((ushort)0xC0E0);
            Vector128<ushort> areWellFormed = Vector128.Equals(marks, Vector128.Create((ushort)0x80C0))
                & ~Vector128.Equals(sequences & Vector128.Create((ushort)0x1E), Vector128<ushort>.Zero);
            int wellFormed = BitOperations.TrailingZeroCount(~areWellFormed.ExtractMostSignificantBits());
            if (wellFormed != Vector128<ushort>.Count)
                return count + wellFormed;
            count += Vector128<ushort>.Count;
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int DecodeThreeByteSequences(ReadOnlySpan<byte> utf8, Span<ushort> target)
    {
        const int Bytes = 24, Units = 8;
        int count = 0;
        while (utf8.Length - 3 * count >= Bytes && target.Length - count >= Units)
        {
            // Eight sequences, each as a number with its first byte lowest. The two loads overlap.
            ReadOnlySpan<byte> source = utf8.Slice(3 * count, Bytes);
            Vector128<uint> first = Vector128.Shuffle(
                Vector128.Create(source),
                Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255)).AsUInt32();
            Vector128<uint> second = Vector128.Shuffle(
                Vector128.Create(source[8..]),
                Vector128.Create((byte)4, 5, 6, 255, 7, 8, 9, 255, 10, 11, 12, 255, 13, 14, 15, 255)).AsUInt32();
            Vector128<ushort> units = Vector128.Narrow(UnitsOf(first), UnitsOf(second));
            units.CopyTo(target[count..]);

            // 1110xxxx 10xxxxxx 10xxxxxx, neither overlong nor a surrogate.
            Vector128<uint> marks = Vector128.Create(0x00C0C0F0u), threeBytes = Vector128.Create(0x008080E0u);
            Vector128<ushort> highBits = units & Vector128.Create((ushort)0xF800);
            Vector128<ushort> areThreeBytes = Vector128.Narrow(
                Vector128.Equals(first & marks, threeBytes), Vector128.Equals(second & marks, threeBytes));
            Vector128<ushort> areWellFormed = areThreeBytes & ~Vector128.Equals(highBits, Vector128<ushort>.Zero)
                & ~Vector128.Equals(highBits, Vector128.Create((ushort)0xD800));
            int wellFormed = BitOperations.TrailingZeroCount(~areWellFormed.ExtractMostSignificantBits());
            if (wellFormed != Units)
                return count + wellFormed;
            count += Units;
        }

        return count;
    }

    private static Vector128<uint> UnitsOf(Vector128<uint> sequences) =>
        (sequences & Vector128.Create(0x0Fu)) << 12
        | (sequences & Vector128.Create(0x3F00u)) >>> 2
        | sequences >>> 16 & Vector128.Create(0x3Fu);

    /// <summary>
    /// Writes eight bytes as if they were ASCII. Returns the high bits, which are set in other bytes.
    /// </summary>
    private static ulong WidenEight(ulong bytes, Span<ushort> target)
    {
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(bytes).AsByte()).CopyTo(target);
        return bytes & 0x8080808080808080;
    }

    /// <summary>Writes 32 bytes as if they were ASCII. Returns the bytes, whose high bits show if they are.</summary>
    private static Vector256<byte> Widen(ReadOnlySpan<byte> source, Span<ushort> target)
    {
        Vector256<byte> bytes = Vector256.Create(source);
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512.WidenLower(bytes.ToVector512()).CopyTo(target);
        }
        else
        {
            (Vector256<ushort> lower, Vector256<ushort> upper) = Vector256.Widen(bytes);
            lower.CopyTo(target);
            upper.CopyTo(target[Vector256<ushort>.Count..]);
        }

        return bytes;
    }
#else
    public static string Decode(ReadOnlySpan<byte> utf8) => Portability.PortableUtf8.Decode(utf8);
#endif
}
