using System.Text;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Generates streams of lines with everything that is special to a parser. Most lines look like those of real streams.
/// </summary>
internal static class RandomStreams
{
    private static readonly byte[][] LineEnds = Utf8("\n", "\n", "\n", "\r", "\r\n");

    private static readonly byte[][] Names = Utf8(
        "data", "data", "data", "event", "id", "retry", "", "Data", "unknown", "\uFEFFdata");

    private static readonly byte[][] Separators = Utf8(":", ": ", ": ", ":  ", "", " : ");

    /// <summary>Values that have a meaning or almost have one, and ill-formed UTF-8.</summary>
    private static readonly byte[][] Values =
    [
        .. Utf8(
            "", "x", "tick", "1", "2", "5000", "99999999999999999999", "\0", "a:b", "é", "€", "𝄞", "\u2028", "\u0085",
            "\uFEFF", "0123456789abcdef"),
        .. Utf8(
            "a line of a little more than twenty bytes",
            "a line of more than sixty-four bytes, which is as much as is looked at together"),
        [0xEF], [0xEF, 0xBB], [0xBB, 0xBF], [0xC3], [0xE2, 0x82], [0xF0, 0x9D, 0x84], [0xF0], [0x80], [0xBF], [0xFF],
        [0xC0, 0x80], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x80],
    ];

    public static byte[] Next(Random random, int minParts = 1, int maxParts = 20)
    {
        var stream = new List<byte>();
        if (random.Next(8) == 0)
            stream.AddRange(Pick(Utf8("\uFEFF", "\uFEFF\uFEFF", "\uFEFF\n")));

        for (int parts = random.Next(minParts, maxParts); parts > 0; parts--)
        {
            // Mostly whole lines. Sometimes a part of a line, which makes unusual input.
            if (random.Next(10) > 0)
                stream.AddRange(
                    [.. Pick(Names), .. Pick(Separators), .. Pick(Values), .. Pick(Values), .. Pick(LineEnds)]);
            else
                stream.AddRange(Pick([.. Names, .. Separators, .. Values]));

            if (random.Next(3) == 0)
                stream.AddRange(Pick(LineEnds));
        }

        return [.. stream];

        byte[] Pick(byte[][] choices) => choices[random.Next(choices.Length)];
    }

    private static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
