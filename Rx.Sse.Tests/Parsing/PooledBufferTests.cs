using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

internal sealed class PooledBufferTests
{
    [Test]
    public void Append_AnyMixture_KeepsAllBytes()
    {
        var random = new Random(1);
        var expected = new List<byte>();
        PooledBuffer buffer = default;

        for (int i = 0; i < 200; i++)
        {
            byte[] source = new byte[random.Next(0, 150)];
            random.NextBytes(source);
            byte[] bytes = [.. source.Take(random.Next(0, Math.Min(100, source.Length + 1)))];
            buffer.Append(bytes);
            buffer.Append((byte)i, source, bytes.Length);
            expected.AddRange([.. bytes, (byte)i, .. bytes]);
            Assert.That(buffer.Span.SequenceEqual(expected.ToArray()));
        }

        buffer.Trim(0, isUsed: false);
        Assert.That(buffer.Length, Is.Zero);
    }

    /// <summary>Otherwise, a line that arrives slowly would be copied at each wait.</summary>
    [TestCase(10)]
    [TestCase(1_000)]
    [TestCase(100_000)]
    public void Trim_BytesInUse_StayInTheirArray(int size)
    {
        PooledBuffer buffer = default;
        buffer.Append(new byte[size]);
        ReadOnlySpan<byte> before = buffer.Span;

        buffer.Trim(0, isUsed: true);

        Assert.That(buffer.Span == before, "The same bytes of the same array.");
        buffer.Trim(0, isUsed: false);
    }

    [Test]
    public void Append_OneByteAtATime_KeepsAllBytes()
    {
        byte[] expected = [.. Enumerable.Range(0, 1_000).Select(i => (byte)i)];
        PooledBuffer buffer = default;

        foreach (byte value in expected)
            buffer.Append([value]);

        Assert.That(buffer.Span.SequenceEqual(expected));
        buffer.Trim(0, isUsed: false);
    }
}
