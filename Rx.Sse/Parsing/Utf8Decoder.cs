#if NET
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
#endif

namespace Rx.Sse.Parsing;

/// <summary>
/// Decodes UTF-8 (Encoding Standard, "UTF-8 decode"): each maximal subpart of an ill-formed sequence becomes one
/// U+FFFD. A field can be decoded by itself, because the bytes that separate fields and lines are ASCII, which ends any
/// sequence.
/// </summary>
/// <remarks>
/// <para>
/// Well-formed text is decoded in two passes: the UTF-16 units are counted, and a string of that length is filled.
/// Anything else is copied, and the framework decodes the copy. <c>Utf8DecoderTests</c> compares the result with
/// <c>Encoding.UTF8</c>.
/// </para>
/// <para>
/// The bytes may be a caller's buffer that another thread overwrites. Therefore only the length of the string comes
/// from the first pass: every read and write of the second one goes through a span, and whether the text is right is
/// decided by what the second pass itself has read. If it does not end exactly where both spans end, the bytes are
/// copied and decoded again.
/// </para>
/// </remarks>
internal static class Utf8Decoder
{
#if NET
    /// <summary>A stream of single letters, which some language models send, allocates no strings for them.</summary>
    private static readonly string[] Letters = [.. Enumerable.Range(0, 0x80).Select(letter => ((char)letter).ToString())];

    /// <summary>No code point.</summary>
    private const uint IllFormed = uint.MaxValue;

    /// <summary>The bytes of eight sequences of three.</summary>
    private const int BytesOfEight = 24;

    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length == 1 && utf8[0] is < 0x80 and var letter)
            return Letters[letter];

        if (Vector128.IsHardwareAccelerated)
        {
            // Well-formed text never has more UTF-16 units than bytes.
            uint count = CountUnits(utf8);
            if (count > 0 && count <= (uint)utf8.Length)
            {
                string text = new('\0', (int)count);
                if (TryFill(utf8, CharactersOf(text)))
                    return text;
            }
        }

        return Encoding.UTF8.GetString(utf8.ToArray());
    }

    /// <summary>
    /// The characters of a string that only the caller has seen yet, to be written. The span has the string's own
    /// length.
    /// </summary>
    private static Span<ushort> CharactersOf(string text) =>
#pragma warning disable RS0030 // There is no other way to write a string of a length known beforehand from a span, on all frameworks.
        MemoryMarshal.Cast<char, ushort>(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(text.AsSpan()), text.Length));
#pragma warning restore RS0030

    /// <summary>
    /// The UTF-16 units of well-formed text: one for each byte that is no continuation byte, and one more for each
    /// sequence of four bytes.
    /// </summary>
    private static uint CountUnits(ReadOnlySpan<byte> utf8)
    {
        uint count = (uint)utf8.Length;
        if (utf8.Length < Vector128<byte>.Count)
        {
            foreach (byte value in utf8)
                count += (value >= 0xF0 ? 1u : 0) - ((value & 0xC0) == 0x80 ? 1u : 0);
            return count;
        }

        int i = 0;
        for (; utf8.Length - i >= Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            Vector256<byte> bytes = Vector256.Create(utf8.Slice(i, Vector256<byte>.Count));
            if (bytes.ExtractMostSignificantBits() != 0)
                count += Difference(bytes.GetLower(), 0) + Difference(bytes.GetUpper(), 0);
        }

        if (utf8.Length - i >= Vector128<byte>.Count)
        {
            count += Difference(Vector128.Create(utf8.Slice(i, Vector128<byte>.Count)), 0);
            i += Vector128<byte>.Count;
        }

        // The last vector overlaps the one before; what has been counted is shifted out.
        return i == utf8.Length ? count : count + Difference(Vector128.Create(utf8[^Vector128<byte>.Count..]), i + Vector128<byte>.Count - utf8.Length);
    }

    /// <summary>
    /// By how much the number of units differs from the number of bytes, from a place in the vector on.
    /// </summary>
    private static uint Difference(Vector128<byte> bytes, int start)
    {
        uint continuations = Vector128.LessThan(bytes.AsSByte(), Vector128.Create((sbyte)-64)).ExtractMostSignificantBits();
        uint leadsOfFour = Vector128.GreaterThanOrEqual(bytes, Vector128.Create((byte)0xF0)).ExtractMostSignificantBits();
        return (uint)BitOperations.PopCount(leadsOfFour >> start) - (uint)BitOperations.PopCount(continuations >> start);
    }

    /// <summary>Fills the target. False if the text is not well-formed, or does not fill it exactly.</summary>
    private static bool TryFill(ReadOnlySpan<byte> utf8, Span<ushort> target) =>
        utf8.Length == target.Length ? TryWiden(utf8, target) : TryTranscode(utf8, target);

    /// <summary>ASCII to UTF-16. Both spans have the same length. The last step overlaps the one before.</summary>
    private static bool TryWiden(ReadOnlySpan<byte> ascii, Span<ushort> target)
    {
        if (ascii.Length >= Vector256<byte>.Count)
        {
            Vector256<byte> seen = default;
            int last = ascii.Length - Vector256<byte>.Count;
            for (int i = 0; i < last; i += Vector256<byte>.Count)
                seen |= Widen(ascii.Slice(i, Vector256<byte>.Count), target.Slice(i, Vector256<byte>.Count));
            seen |= Widen(ascii[last..], target[last..]);
            return seen.ExtractMostSignificantBits() == 0;
        }

        if (ascii.Length >= Vector128<byte>.Count)
        {
            int last = ascii.Length - Vector128<byte>.Count;
            Vector128<byte> start = Vector128.Create(ascii), end = Vector128.Create(ascii[last..]);
            Vector256.Create(Vector128.WidenLower(start), Vector128.WidenUpper(start)).CopyTo(target);
            Vector256.Create(Vector128.WidenLower(end), Vector128.WidenUpper(end)).CopyTo(target[last..]);
            return (start | end).ExtractMostSignificantBits() == 0;
        }

        if (ascii.Length >= sizeof(ulong))
        {
            int last = ascii.Length - sizeof(ulong);
            Vector128<byte> both = Vector128.Create(
                BinaryPrimitives.ReadUInt64LittleEndian(ascii), BinaryPrimitives.ReadUInt64LittleEndian(ascii[last..])).AsByte();
            Vector128.WidenLower(both).CopyTo(target);
            Vector128.WidenUpper(both).CopyTo(target[last..]);
            return both.ExtractMostSignificantBits() == 0;
        }

        int values = 0;
        for (int i = 0; i < ascii.Length && i < target.Length; i++)
        {
            byte value = ascii[i];
            values |= value;
            target[i] = value;
        }

        return values < 0x80;
    }

    /// <summary>Vectors for runs of ASCII and of three-byte sequences, plain code for everything else.</summary>
    private static bool TryTranscode(ReadOnlySpan<byte> utf8, Span<ushort> target)
    {
        int read = 0, written = 0;
        while (true)
        {
            // What follows the ASCII run is written as well, and the next step overwrites it.
            while (utf8.Length - read >= Vector256<byte>.Count && target.Length - written >= Vector256<byte>.Count)
            {
                Vector256<byte> bytes = Widen(utf8.Slice(read, Vector256<byte>.Count), target.Slice(written, Vector256<byte>.Count));
                int ascii = BitOperations.TrailingZeroCount(bytes.ExtractMostSignificantBits());
                read += ascii;
                written += ascii;
                if (ascii < Vector256<byte>.Count)
                    break;
            }

            // Up to the next two ASCII characters in a row, because a single one is most often a space between words.
            for (int asciiInARow = 0; asciiInARow < 2;)
            {
                if (read >= utf8.Length || written >= target.Length)
                    return read == utf8.Length && written == target.Length;

                uint lead = utf8[read];
                if (lead < 0x80)
                {
                    target[written++] = (ushort)lead;
                    read++;
                    asciiInARow++;
                    continue;
                }

                asciiInARow = 0;
                ReadOnlySpan<byte> rest = utf8[(read + 1)..];
                if (lead < 0xE0)
                {
                    uint unit = TwoBytes(lead, rest);
                    if (unit == IllFormed)
                        return false;
                    target[written++] = (ushort)unit;
                    read += 2;
                }
                else if (lead < 0xF0)
                {
                    if (TryWidenThreeByteSequences(utf8[read..], target[written..]))
                    {
                        read += BytesOfEight;
                        written += 8;
                        continue;
                    }

                    uint unit = ThreeBytes(lead, rest);
                    if (unit == IllFormed)
                        return false;
                    target[written++] = (ushort)unit;
                    read += 3;
                }
                else
                {
                    uint codePoint = FourBytes(lead, rest);
                    if (codePoint == IllFormed || target.Length - written < 2)
                        return false;
                    target[written++] = (ushort)(0xD7C0 + (codePoint >> 10));
                    target[written++] = (ushort)(0xDC00 + (codePoint & 0x3FF));
                    read += 4;
                }
            }
        }
    }

    // The code point of a sequence, or IllFormed. The ranges keep out overlong forms, surrogates, and what lies beyond
    // U+10FFFF.
    private static uint TwoBytes(uint lead, ReadOnlySpan<byte> rest)
    {
        if (lead < 0xC2 || rest.IsEmpty)
            return IllFormed;
        uint second = rest[0];
        return (second & 0xC0) == 0x80 ? (lead & 0x1F) << 6 | second & 0x3F : IllFormed;
    }

    private static uint ThreeBytes(uint lead, ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2)
            return IllFormed;
        uint second = rest[0], third = rest[1];
        uint codePoint = (lead & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F;
        bool areContinuations = (second & 0xC0) == 0x80 && (third & 0xC0) == 0x80;
        return areContinuations && codePoint is >= 0x800 and (< 0xD800 or >= 0xE000) ? codePoint : IllFormed;
    }

    private static uint FourBytes(uint lead, ReadOnlySpan<byte> rest)
    {
        if (lead > 0xF4 || rest.Length < 3)
            return IllFormed;
        uint second = rest[0], third = rest[1], fourth = rest[2];
        uint codePoint = (lead & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | fourth & 0x3F;
        bool areContinuations = (second & 0xC0) == 0x80 && (third & 0xC0) == 0x80 && (fourth & 0xC0) == 0x80;
        return areContinuations && codePoint is >= 0x10000 and <= 0x10FFFF ? codePoint : IllFormed;
    }

    /// <summary>
    /// Eight sequences of three bytes at once: Chinese, Japanese, Korean, and most other scripts beyond the European
    /// ones.
    /// </summary>
    private static bool TryWidenThreeByteSequences(ReadOnlySpan<byte> utf8, Span<ushort> target)
    {
        // The second vector reaches four bytes further than its four sequences do.
        if (utf8.Length < BytesOfEight + 4 || target.Length < Vector128<ushort>.Count)
            return false;
        Vector128<uint> first = FourSequences(utf8), second = FourSequences(utf8[(BytesOfEight / 2)..]);
        Vector128<uint> firstUnits = UnitsOf(first), secondUnits = UnitsOf(second);
        if (!AreWellFormed(first, firstUnits) || !AreWellFormed(second, secondUnits))
            return false;
        Vector128.Narrow(firstUnits, secondUnits).CopyTo(target);
        return true;
    }

    /// <summary>Four sequences of three bytes, each as a number with its first byte lowest.</summary>
    private static Vector128<uint> FourSequences(ReadOnlySpan<byte> utf8) => Vector128.Shuffle(
        Vector128.Create(utf8), Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255)).AsUInt32();

    private static Vector128<uint> UnitsOf(Vector128<uint> sequences) =>
        (sequences & Vector128.Create(0x0Fu)) << 12
        | (sequences & Vector128.Create(0x3F00u)) >>> 2
        | sequences >>> 16 & Vector128.Create(0x3Fu);

    /// <summary>1110xxxx 10xxxxxx 10xxxxxx, neither overlong nor a surrogate.</summary>
    private static bool AreWellFormed(Vector128<uint> sequences, Vector128<uint> units) =>
        Vector128.EqualsAll(sequences & Vector128.Create(0x00C0C0F0u), Vector128.Create(0x008080E0u))
        && Vector128.GreaterThanOrEqualAll(units, Vector128.Create(0x800u))
        && !Vector128.EqualsAny(units & Vector128.Create(0xF800u), Vector128.Create(0xD800u));

    /// <summary>Writes 32 bytes as if they were ASCII, and returns them.</summary>
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
    public static string Decode(ReadOnlySpan<byte> utf8) => PortableUtf8.Decode(utf8);
#endif
}
