using System.Diagnostics;

namespace Rx.Sse.Parsing;

/// <summary>
/// Counts the bytes that the parser has read or copied, in debug builds. With it, a test checks without a clock that
/// the work is linear.
/// </summary>
internal static class Work
{
    [ThreadStatic]
    private static long _bytes;

    public static long Bytes => _bytes;

    [Conditional("DEBUG")]
    public static void Add(int bytes) => _bytes += bytes;
}
