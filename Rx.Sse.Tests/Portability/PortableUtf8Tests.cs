using System.Text;
using Rx.Sse.Portability;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Portability;

internal sealed class PortableUtf8Tests
{
    [Test]
    public void Decode_AllTwoByteInputs_IsAsTheStandardDecodes()
    {
        Assert.Multiple(() =>
        {
            for (int first = 0; first < 256; first++)
            {
                for (int second = 0; second < 256; second++)
                    AssertSame([(byte)first, (byte)second]);
            }
        });
    }

    [Test]
    public void Decode_RandomInputs_IsAsTheStandardDecodes([Range(1, 4)] int seed)
    {
        // The bytes at the edges of the ranges in the definition of well-formed UTF-8.
        byte[] edges =
            [
                0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
            ];
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++)
            AssertSame(random.GetItems(edges, random.Next(1, 8)));
    }

    [Test]
    public void Decode_EveryCodePoint_IsItself()
    {
        string all = string.Concat(
            Enumerable.Range(0, 0x110000).Where(value => value is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32));

        Assert.That(PortableUtf8.Decode(Encoding.UTF8.GetBytes(all)), Is.EqualTo(all));
    }

    private static void AssertSame(byte[] input) =>
        Assert.That(PortableUtf8.Decode(input), Is.EqualTo(ReferenceDecoder.Decode(input)), Convert.ToHexString(input));
}
