using System.Diagnostics;

namespace Rx.Sse.Parsing;

/// <summary>
/// The number of bytes that the parser has read or moved, in debug builds. A test uses it to show that the work is
/// linear, without a clock.
/// </summary>
internal static class Work
{
    [ThreadStatic]
    private static long _bytes;

    public static long Bytes => _bytes;

    [Conditional("DEBUG")]
    public static void Add(int bytes) => _bytes += bytes;
}
