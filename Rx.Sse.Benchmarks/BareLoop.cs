using System.Text;

namespace Rx.Sse.Benchmarks;

/// <summary>
/// A loop to compare parsers with. It does only what each of them has to do: find the line ends, with the framework's
/// vectors, and make the strings and events. It reads streams whose events are one data line each, as one chunk.
/// </summary>
internal static class BareLoop
{
    private static ReadOnlySpan<byte> Prefix => "data: "u8;

    public static Tally Strings(ReadOnlySpan<byte> input)
    {
        var counter = new Counter();
        string data = "";
        while (NextLine(ref input, out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty)
                counter.OnNext(new SseEvent { Data = data });
            else if (line.StartsWith(Prefix))
                data = Encoding.UTF8.GetString(line[Prefix.Length..]);
        }

        return counter.Total;
    }

    public static Tally Typed(ReadOnlySpan<byte> input)
    {
        var counter = new Counter();
        int length = 0;
        while (NextLine(ref input, out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty)
                counter.OnNext(length);
            else if (line.StartsWith(Prefix))
                length = line.Length - Prefix.Length;
        }

        return counter.Total;
    }

    private static bool NextLine(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> line)
    {
        int end = input.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? default : input[..end];
        input = end < 0 ? default : input[(end + 1)..];
        return end >= 0;
    }
}
