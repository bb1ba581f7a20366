using System.Text;
using CsCheck;

namespace Rx.Sse.Tests.Reliability.Fuzzing;

/// <summary>
/// Generates streams that are hostile, but still contain events: mostly lines with the names, line ends and sizes that
/// a parser must distinguish, and sometimes anything at all.
/// </summary>
internal static class HostileStreams
{
    private const int NoLimit = SseOptions.DefaultMaxEventSize;

    private static readonly Gen<byte[]> LineEnd = Gen.OneOf(
        Utf8s("\n", "\n", "\n", "\n", "\r", "\r", "\r\n", "\r\n", "\n\r"));

    private static readonly Gen<byte[]> Name = Gen.Frequency<byte[]>(
        (10, Gen.OneOf(Utf8s("data", "data", "data", "event", "id", "retry", "", ""))),
        (1, Gen.OneOf(Utf8s(
            "Data", "DATA", " data", "data ", "dat", "datax", "ids", "i", "events", "unknown", "\uFEFFdata", "\0",
            "\u0085"))));

    private static readonly Gen<byte[]> Separator = Gen.Frequency(
        (8, Utf8(": ")), (5, Utf8(":")), (2, Utf8(":  ")), (1, Utf8("")), (1, Utf8(" : ")), (1, Utf8("::")),
        (1, Utf8(":\t")), (1, Utf8("\u00A0:")));

    private static readonly Gen<byte[]> Number = Gen.OneOf(
        [
            .. Utf8s(
                "0", "1", "007", "5000", "9223372036854775807", "922337203685477", "922337203685478", "-1", "+1", "1.5",
                "1e3", "1 ", "\u0663", "0x10"),
            Utf8(new string('9', 400)),
        ]);

    /// <summary>Control characters, other line separators, surrogates and other things that look like text.</summary>
    private static readonly Gen<byte[]> Text = Gen.OneOf(
        Utf8s(
            "", "x", "a b", "\0", "x\0y", "\u0001", "\v", "\f", "\u001B", "\u007F", "\u0085", "\u2028", "\uFEFF", "é",
            "漢字かな", "𝄞", "😀😀😀", ":", "data: x", "[DONE]"));

    private static readonly Gen<byte[]> IllFormed = Gen.OneOf<byte[]>(
        [0x80], [0xBF], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xE0, 0x80], [0xED, 0xA0, 0x80], [0xEF], [0xEF, 0xBB],
        [0xF0], [0xF0, 0x9D, 0x84], [0xF4, 0x90, 0x80, 0x80], [0xFF]);

    private static readonly Gen<byte[]> Retry = Join(
        Gen.OneOf(Utf8s("retry:", "retry: ", "retry:  ", "Retry: ")), Number, LineEnd);

    private static readonly Gen<int[]> ChunkSizes = Gen.Frequency<int[]>(
        (3, Gen.Const(new[] { int.MaxValue })), (3, Gen.Const(new[] { 1 })),
        (3, Gen.OneOf(2, 3, 7, 16, 17, 63, 64, 65, 128, 4096).Select(size => new[] { size })),
        (5, Gen.Int[0, 100].Array[1, 8].Select(sizes => sizes.Append(1).ToArray())));

    private static readonly Gen<byte[]> ByteOrderMark = Gen.Frequency(
        (12, Array.Empty<byte>()), (2, Utf8("\uFEFF")), (1, Utf8("\uFEFF\uFEFF")), (1, [0xEF]), (1, [0xEF, 0xBB]),
        (1, [0xEF, 0xBB, (byte)'\n']));

    public static Gen<HostileStream> Any { get; } = Gen.Frequency<HostileStream>(
        (8, Bounded(NoLimit)), (1, Bounded(1)), (1, Bounded(20)), (1, Bounded(63)), (1, Bounded(64)), (2, Bounded(100)),
        (2, Bounded(300)), (2, Bounded(1_000)),
        (2, Bounded(5_000)));

    private static Gen<HostileStream> Bounded(int maxEventSize)
    {
        int longest = Math.Min(300, maxEventSize / 4);
        Gen<byte[]> value = Gen.Frequency<byte[]>(
            (5, Text), (1, Number), (2, IllFormed), (2, Gen.Byte.Array[0, 8]),
            (3, Gen.Int[0, longest].Select(length => Utf8(new string('v', length)))),
            (2, Gen.Int[0, longest / 4].Select(length => Utf8(string.Concat(Enumerable.Repeat("漢", length))))));
        Gen<byte[]> usual = Gen.Frequency<byte[]>(
            (8, Join(Name, Separator, value.Array[0, 3].Select(Join), LineEnd)), (1, Retry));
        Gen<byte[]> line = maxEventSize == NoLimit ? usual : Gen.Frequency<byte[]>(
            (20, usual), (1, LineAtTheLimit(maxEventSize)));
        Gen<byte[]> block = Join(line.Array[0, 5].Select(Join), LineEnd);
        Gen<byte[]> piece = Gen.Frequency<byte[]>((12, block), (1, value), (1, Gen.Byte.Array[0, 40]));
        Gen<byte[]> stream = Gen.Frequency<byte[]>(
            (6, piece.Array[1, 8].Select(Join)), (1, piece.Array[40, 120].Select(Join)));
        return Gen.Select(
            Join(ByteOrderMark, stream), ChunkSizes, (bytes, sizes) => new HostileStream(bytes, sizes, maxEventSize));
    }

    /// <summary>
    /// A line as long as the limit, or half as long so that two lines reach it, plus or minus one byte.
    /// </summary>
    private static Gen<byte[]> LineAtTheLimit(int limit) => Gen.Select(
        Name, Gen.OneOf(limit, limit / 2), Gen.Int[-1, 1], LineEnd,
        (name, size, more, end) =>
        {
            byte[] start = [.. name, (byte)':'];
            return (byte[])[.. start, .. Utf8(new string('v', Math.Max(0, size + more - start.Length))), .. end];
        });

    private static Gen<byte[]> Join(params Gen<byte[]>[] parts) =>
        parts.Aggregate((first, second) => Gen.Select(first, second, (one, other) => (byte[])[.. one, .. other]));

    private static byte[] Join(byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[][] Utf8s(params string[] texts) => [.. texts.Select(Utf8)];
}
