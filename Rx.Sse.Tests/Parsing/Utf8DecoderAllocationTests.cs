using System.Text;
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Well-formed text is never left to the framework, which decodes a copy of the bytes. The text would be the same, so
/// these tests look at what is allocated.
/// </summary>
[Category("NotNetStandard")]
internal sealed class Utf8DecoderAllocationTests
{
    [Test]
    public void Decode_WellFormedText_AllocatesTheStringAlone([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        Utf8Decoder.Decode("é"u8);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] utf8 = Utf8DecoderTests.RandomText(random, mayBeIllFormed: false);
            string expected = Encoding.UTF8.GetString(utf8);

            long start = GC.GetAllocatedBytesForCurrentThread();
            string text = Utf8Decoder.Decode(utf8);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - start;

            Assert.That(text, Is.EqualTo(expected));
            Assert.That(allocated, Is.LessThanOrEqualTo(SizeOf(expected)), Convert.ToHexString(utf8));
        }
    }

    private static long SizeOf(string text)
    {
        long start = GC.GetAllocatedBytesForCurrentThread();
        _ = new string('x', text.Length);
        return GC.GetAllocatedBytesForCurrentThread() - start;
    }
}
