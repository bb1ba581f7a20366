using System.Text;

namespace Rx.Sse.Portability;

/// <summary>
/// The UTF-8 decoder for netstandard2.0. On .NET Framework, <see cref="Encoding.UTF8"/> does not return the number of
/// U+FFFD that the Encoding Standard requires for ill-formed input.
/// </summary>
internal static class PortableUtf8
{
    private const char Replacement = '\uFFFD';

    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length);
        while (!utf8.IsEmpty)
        {
            int length = NextSequence(utf8, out int codePoint);
            if (codePoint < 0)
                text.Append(Replacement);
            else if (codePoint < 0x10000)
                text.Append((char)codePoint);
            else
                text.Append((char)(0xD7C0 + (codePoint >> 10))).Append((char)(0xDC00 + (codePoint & 0x3FF)));
            utf8 = utf8[length..];
        }

        return text.ToString();
    }

    /// <summary>
    /// Returns the length of the first sequence, or of its maximal subpart if it is ill-formed; the code point is then
    /// -1. The bounds of the second byte exclude overlong forms, surrogates and code points beyond U+10FFFF (Unicode,
    /// table 3-7).
    /// </summary>
    private static int NextSequence(ReadOnlySpan<byte> utf8, out int codePoint)
    {
        byte lead = utf8[0];
        (int length, int lowest, int highest) = lead switch
        {
            < 0x80 => (1, 0, 0),
            >= 0xC2 and <= 0xDF => (2, 0x80, 0xBF),
            0xE0 => (3, 0xA0, 0xBF),
            0xED => (3, 0x80, 0x9F),
            >= 0xE1 and <= 0xEF => (3, 0x80, 0xBF),
            0xF0 => (4, 0x90, 0xBF),
            >= 0xF1 and <= 0xF3 => (4, 0x80, 0xBF),
            0xF4 => (4, 0x80, 0x8F),
            _ => (0, 0, 0),
        };

        codePoint = -1;
        if (length == 0)
            return 1;

        int value = length == 1 ? lead : lead & (0x7F >> length);
        for (int i = 1; i < length; i++)
        {
            // Read once, because another thread may change it.
            int next = i < utf8.Length ? utf8[i] : 0;
            if (next < lowest || next > highest)
                return i;
            value = (value << 6) | (next & 0x3F);
            (lowest, highest) = (0x80, 0xBF);
        }

        codePoint = value;
        return length;
    }
}
