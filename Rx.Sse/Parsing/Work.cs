using System.Diagnostics;

namespace Rx.Sse.Parsing;

/// <summary>How many bytes the parser has looked at or moved, in debug builds: for a test that shows that it is linear, without a clock.</summary>
internal static class Work
{
    [ThreadStatic]
    private static long _bytes;

    public static long Bytes => _bytes;

    [Conditional("DEBUG")]
    public static void Add(int bytes) => _bytes += bytes;
}
