using System.Text;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Portability;

/// <summary>The reference decoder gives the same results as .NET's own decoder.</summary>
internal sealed class ReferenceDecoderTests
{
    /// <summary>The bytes at the edges of the ranges in the definition of well-formed UTF-8.</summary>
    private static readonly byte[] Edges =
    [
        0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF,
        0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ];

    [Test]
    public void Decode_EveryTwoBytesWithEdges_IsAsTheRuntimeDecodes()
    {
        for (int bytes = 0; bytes < 0x10000; bytes++)
        {
            foreach (byte third in Edges)
                AssertSame([(byte)(bytes >> 8), (byte)bytes, third]);
        }
    }

    [Test]
    public void Decode_RandomInputs_IsAsTheRuntimeDecodes([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 50_000; i++)
            AssertSame(random.GetItems(Edges, random.Next(1, 8)));
    }

    private static void AssertSame(byte[] input)
    {
        string expected = Encoding.UTF8.GetString(input);
        if (ReferenceDecoder.Decode(input) != expected)
            Assert.That(ReferenceDecoder.Decode(input), Is.EqualTo(expected), Convert.ToHexString(input));
    }
}
