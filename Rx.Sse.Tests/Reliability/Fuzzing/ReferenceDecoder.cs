using System.Text;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// The UTF-8 decoder of the Encoding Standard, byte by byte as the standard describes it. On .NET Framework and Mono,
/// <see cref="Encoding.UTF8"/> decodes ill-formed input differently.
/// </summary>
internal static class ReferenceDecoder
{
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        var text = new StringBuilder(utf8.Length);
        int codePoint = 0, bytesSeen = 0, bytesNeeded = 0, lower = 0x80, upper = 0xBF;
        for (int i = 0; i < utf8.Length; i++)
        {
            int next = utf8[i];
            if (bytesNeeded == 0)
            {
                (bytesNeeded, codePoint) = next switch
                {
                    <= 0x7F => (0, next),
                    >= 0xC2 and <= 0xDF => (1, next & 0x1F),
                    >= 0xE0 and <= 0xEF => (2, next & 0xF),
                    >= 0xF0 and <= 0xF4 => (3, next & 0x7),
                    _ => (0, 0xFFFD),
                };
                lower = next switch { 0xE0 => 0xA0, 0xF0 => 0x90, _ => 0x80 };
                upper = next switch { 0xED => 0x9F, 0xF4 => 0x8F, _ => 0xBF };
                if (bytesNeeded == 0)
                    text.Append((char)codePoint);
                continue;
            }

            if (next < lower || next > upper)
            {
                // "Restore byte to ioQueue", so that it is read as the first byte of a sequence.
                i--;
                text.Append('\uFFFD');
                (bytesSeen, bytesNeeded) = (0, 0);
                continue;
            }

            (lower, upper) = (0x80, 0xBF);
            codePoint = (codePoint << 6) | (next & 0x3F);
            if (++bytesSeen == bytesNeeded)
            {
                text.Append(char.ConvertFromUtf32(codePoint));
                (bytesSeen, bytesNeeded) = (0, 0);
            }
        }

        return (bytesNeeded == 0 ? text : text.Append('\uFFFD')).ToString();
    }
}
