#if NET
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
#else
using System.Diagnostics.CodeAnalysis;
#endif

namespace Rx.Sse.Parsing;

/// <summary>
/// <see cref="Utf8Text.Decode"/> for text after text of the same stream: expects each to be of the kind that the last one was, either ASCII
/// alone or not, and goes over its bytes once. A mutable struct: keep it in a field, never copy it.
/// </summary>
internal struct Utf8Decoder
{
#if NET
    private const int StackSize = 512;

    /// <summary>A stream of single letters, which some language models are, makes no strings of them.</summary>
    private static readonly string[] Letters = [.. Enumerable.Range(0, 0x80).Select(letter => ((char)letter).ToString())];

    /// <summary>The last text was more than ASCII.</summary>
    private bool _expectsMore;

    public string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length <= 1)
            return utf8.IsEmpty ? "" : utf8[0] < Letters.Length ? Letters[utf8[0]] : "\uFFFD";
        if (_expectsMore)
            return DecodeMore(utf8);

        // Nobody else has seen this string yet.
        string text = new('\0', utf8.Length);
        return Ascii.TryWiden(utf8, ref Characters(text)) ? text : DecodeMore(utf8);
    }

    private static ref ushort Characters(string text) => ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));

    private string DecodeMore(ReadOnlySpan<byte> utf8)
    {
        string decoded = Transcode(utf8);
        _expectsMore = decoded.Length != utf8.Length;
        return decoded;
    }

    [SkipLocalsInit]
    private static string Transcode(ReadOnlySpan<byte> utf8)
    {
        // UTF-16 never has more units than UTF-8 has bytes.
        char[]? rented = null;
        Span<char> chars = utf8.Length <= StackSize ? stackalloc char[StackSize] : rented = ArrayPool<char>.Shared.Rent(utf8.Length);
        int length = Transcode(utf8, chars);
        string text = new(chars[..length]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return text;
    }

    private static int Transcode(ReadOnlySpan<byte> utf8, Span<char> chars)
    {
        // Where the text is of another kind, the framework takes so many bytes, before it is looked at again.
        const int Portion = 64;
        int read = 0, written = 0;
        while (read < utf8.Length)
        {
            ThreeByteSequences(utf8, chars, ref read, ref written);
            int portion = Math.Min(Portion, utf8.Length - read);
            Utf8.ToUtf16(
                utf8.Slice(read, portion), chars[written..], out int portionRead, out int portionWritten, isFinalBlock: read + portion == utf8.Length);
            read += portionRead;
            written += portionWritten;
        }

        return written;
    }

    /// <summary>Chinese, Japanese, Korean and most other scripts beyond the Latin one and its neighbours: eight characters at a time.</summary>
    private static void ThreeByteSequences(ReadOnlySpan<byte> utf8, Span<char> chars, ref int read, ref int written)
    {
        const int Bytes = 24;
        const int Characters = 8;
        int start = read;
        int end = written;
        ref byte source = ref MemoryMarshal.GetReference(utf8);
        ref ushort target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(chars));

        // The second load reaches a few bytes further than the sequences do.
        while (start + Bytes + 4 <= utf8.Length)
        {
            Vector128<uint> first = Sequences(ref Unsafe.Add(ref source, start));
            Vector128<uint> second = Sequences(ref Unsafe.Add(ref source, start + Bytes / 2));
            Vector128<uint> firstUnits = CodeUnits(first), secondUnits = CodeUnits(second);
            if (!AreWellFormed(first, firstUnits) || !AreWellFormed(second, secondUnits))
                break;

            Vector128.Narrow(firstUnits, secondUnits).StoreUnsafe(ref target, (nuint)end);
            start += Bytes;
            end += Characters;
        }

        read = start;
        written = end;
    }

    /// <summary>Four sequences of three bytes, each as a number with its first byte lowest.</summary>
    private static Vector128<uint> Sequences(ref byte source) => Vector128.Shuffle(
        Vector128.LoadUnsafe(ref source),
        Vector128.Create((byte)0, 1, 2, 255, 3, 4, 5, 255, 6, 7, 8, 255, 9, 10, 11, 255)).AsUInt32();

    private static Vector128<uint> CodeUnits(Vector128<uint> sequences) =>
        ((sequences & Vector128.Create(0x0Fu)) << 12) | ((sequences & Vector128.Create(0x3F00u)) >>> 2) | ((sequences >>> 16) & Vector128.Create(0x3Fu));

    /// <summary>1110xxxx 10xxxxxx 10xxxxxx, that neither could be shorter nor is a surrogate.</summary>
    private static bool AreWellFormed(Vector128<uint> sequences, Vector128<uint> units) =>
        Vector128.EqualsAll(sequences & Vector128.Create(0x00C0C0F0u), Vector128.Create(0x008080E0u))
        && Vector128.GreaterThanOrEqualAll(units, Vector128.Create(0x800u))
        && !Vector128.EqualsAny(units & Vector128.Create(0xF800u), Vector128.Create(0xD800u));
#else
    [SuppressMessage("Performance", "CA1822", Justification = "On other frameworks it keeps something.")]
    public string Decode(ReadOnlySpan<byte> utf8) => Utf8Text.Decode(utf8);
#endif
}
