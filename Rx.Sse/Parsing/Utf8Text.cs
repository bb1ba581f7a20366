using System.Text;

namespace Rx.Sse.Parsing;

/// <summary>
/// UTF-8 to text, each maximal subpart of an ill-formed sequence becoming one U+FFFD (Encoding Standard, "UTF-8 decode").
/// A field can be decoded by itself: what separates fields and lines is ASCII, which ends any sequence that it cuts.
/// </summary>
internal static class Utf8Text
{
    public static string Decode(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
#if NET
        return Encoding.UTF8.GetString(utf8);
#else
        return PortableUtf8.Decode(utf8);
#endif
    }
}
