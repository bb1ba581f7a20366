#if NET
namespace Rx.Sse.Parsing;

/// <summary>
/// Decodes single sequences of UTF-8, without vectors. The ranges exclude overlong forms, surrogates, and code points
/// beyond U+10FFFF.
/// </summary>
internal static class Utf8Sequence
{
    /// <summary>The result for an ill-formed sequence. It is not a code point.</summary>
    public const uint IllFormed = uint.MaxValue;

    /// <summary>Returns the length that the first byte of a sequence gives, whether it is well-formed or not.</summary>
    public static int LengthOf(uint lead) => lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    public static uint TwoBytes(uint lead, ReadOnlySpan<byte> rest)
    {
        if (lead < 0xC2 || rest.IsEmpty)
            return IllFormed;
        uint second = rest[0];
        return (second & 0xC0) == 0x80 ? (lead & 0x1F) << 6 | second & 0x3F : IllFormed;
    }

    public static uint ThreeBytes(uint lead, ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 2)
            return IllFormed;
        uint second = rest[0], third = rest[1];
        uint codePoint = (lead & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F;
        bool areContinuations = (second & 0xC0) == 0x80 && (third & 0xC0) == 0x80;
        return areContinuations && codePoint is >= 0x800 and (< 0xD800 or >= 0xE000) ? codePoint : IllFormed;
    }

    public static uint FourBytes(uint lead, ReadOnlySpan<byte> rest)
    {
        if (lead > 0xF4 || rest.Length < 3)
            return IllFormed;
        uint second = rest[0], third = rest[1], fourth = rest[2];
        uint codePoint = (lead & 0x07) << 18 | (second & 0x3F) << 12 | (third & 0x3F) << 6 | fourth & 0x3F;
        bool areContinuations = (second & 0xC0) == 0x80 && (third & 0xC0) == 0x80 && (fourth & 0xC0) == 0x80;
        return areContinuations && codePoint is >= 0x10000 and <= 0x10FFFF ? codePoint : IllFormed;
    }
}
#endif
