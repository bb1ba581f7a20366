using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Text of every length and kind, after text of every other kind, is decoded as the standard specifies.
/// </summary>
internal sealed class Utf8DecoderTests
{
    private static readonly string[] Alphabets =
        ["abc {}\n", "äöüß", "日本語한국어ไทย\uFFFD\u0800\uD7FF\uE000\uFFFF", "😀𝄞", "aé日😀"];

    private static readonly byte[][] IllFormed =
        [
            [0x80], [0xFF], [0xC0, 0xAF], [0xC3], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xE3, 0x81],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
        ];

    [Test]
    public void Decode_AnyText_IsAsTheStandardDecodes([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] utf8 = RandomText(random, mayBeIllFormed: random.Next(2) == 0);

            Assert.That(Utf8Decoder.Decode(utf8), Is.EqualTo(ReferenceDecoder.Decode(utf8)), Convert.ToHexString(utf8));
        }
    }

    /// <summary>
    /// The bytes after the text are also well-formed, so that a vector that reads beyond the end would decode them.
    /// </summary>
    [Test]
    public void Decode_PartOfALongerText_ReadsNoFurther([Values("abcdefgh", "日本語한", "äöüß")] string pattern)
    {
        byte[] longer = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(pattern, 50)));
        for (int start = 0; start < 4; start++)
        {
            for (int length = 0; length < 200; length++)
                Assert.That(
                    Utf8Decoder.Decode(longer.AsSpan(start, length)),
                    Is.EqualTo(Encoding.UTF8.GetString(longer, start, length)),
                    $"{length} bytes from {start}");
        }
    }

    public static byte[] RandomText(Random random, bool mayBeIllFormed)
    {
        List<byte> bytes = [];
        for (int runs = random.Next(1, 4); runs > 0; runs--)
        {
            string alphabet = Alphabets[random.Next(Alphabets.Length)];
            int length = random.Next(20) == 0 ? random.Next(2_000) : random.Next(40);
            for (int i = 0; i < length; i++)
                bytes.AddRange(Encoding.UTF8.GetBytes(RandomCharacter(random, alphabet)));
            if (mayBeIllFormed && random.Next(2) == 0)
                bytes.InsertRange(random.Next(bytes.Count + 1), IllFormed[random.Next(IllFormed.Length)]);
        }

        return [.. bytes];
    }

    private static string RandomCharacter(Random random, string alphabet)
    {
        int start = random.Next(alphabet.Length);
        return char.ConvertFromUtf32(
            char.ConvertToUtf32(alphabet, char.IsLowSurrogate(alphabet[start]) ? start - 1 : start));
    }
}
