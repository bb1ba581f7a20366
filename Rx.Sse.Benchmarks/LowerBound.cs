using System.Text;

namespace Rx.Sse.Benchmarks;

/// <summary>What a program has to do at the least: find each line end, and make one string for each data line. It knows no other rule.</summary>
internal static class LowerBound
{
    private const int LongestLine = 1024 * 1024;

    public static long Read(ReadOnlyMemory<byte>[] chunks, bool strings)
    {
        long total = 0;
        byte[] cut = new byte[LongestLine];
        int cutLength = 0;
        foreach (ReadOnlyMemory<byte> chunk in chunks)
        {
            ReadOnlySpan<byte> rest = chunk.Span;
            for (int end; (end = rest.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; rest = rest[(end + 1)..])
            {
                ReadOnlySpan<byte> line = rest[..end];
                if (cutLength > 0)
                {
                    line.CopyTo(cut.AsSpan(cutLength));
                    line = cut.AsSpan(0, cutLength + end);
                    cutLength = 0;
                }

                if (line.StartsWith("data: "u8))
                    total += strings ? Encoding.UTF8.GetString(line[6..]).Length : line.Length - 6;
            }

            rest.CopyTo(cut.AsSpan(cutLength));
            cutLength += rest.Length;
        }

        return total;
    }
}
