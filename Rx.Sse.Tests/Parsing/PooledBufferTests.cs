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
            byte[] bytes = new byte[random.Next(0, 100)];
            random.NextBytes(bytes);
            buffer.Append(bytes);
            buffer.Append((byte)i, bytes);
            buffer.Append((byte)i, bytes, bytes.Length / 2);
            expected.AddRange([.. bytes, (byte)i, .. bytes, (byte)i, .. bytes[..(bytes.Length / 2)]]);
            Assert.That(buffer.Span.SequenceEqual(expected.ToArray()));
        }

        buffer.Release();
        Assert.That(buffer.Length, Is.Zero);
    }

    [Test]
    public void Append_OneByteAtATime_KeepsAllBytes()
    {
        byte[] expected = [.. Enumerable.Range(0, 1_000).Select(i => (byte)i)];
        PooledBuffer buffer = default;

        foreach (byte value in expected)
            buffer.Append([value]);

        Assert.That(buffer.Span.SequenceEqual(expected));
        buffer.Release();
    }

    /// <summary>All about the places where one way of copying takes over from another.</summary>
    [Test]
    public void Append_FirstOfSome_TakesNoMoreOfThem([Values(0, 1, 190, 191, 192, 255)] int before, [Values(0, 1, 63, 64, 65, 200)] int count)
    {
        foreach (int size in new[] { count, Math.Max(count, 63), Math.Max(count, 64), Math.Max(count, 65), 300 })
        {
            byte[] first = [.. Enumerable.Range(0, before).Select(i => (byte)(i + 7))], some = [.. Enumerable.Range(0, size).Select(i => (byte)i)];
            PooledBuffer buffer = default;
            buffer.Append(first);

            buffer.Append((byte)'\n', some, count);
            buffer.Append("end"u8);

            Assert.That(buffer.Span.SequenceEqual([.. first, (byte)'\n', .. some[..count], .. "end"u8]), $"of {size}");
            buffer.Release();
        }
    }
}
