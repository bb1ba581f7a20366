using System.Text;
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

internal sealed class LastEventIdBufferTests
{
    [Test]
    public void Set_LongerAndShorterOnes_IsAlwaysTheLast()
    {
        var buffer = new LastEventIdBuffer("é");
        Assert.That((buffer.Text, Encoding.UTF8.GetString(buffer.Utf8)), Is.EqualTo(("é", "é")));
        Assert.That(buffer.IsSet, Is.False);

        foreach (string id in new[] { "1", "a longer one than before", "é漢𝄞", "", "2" })
        {
            buffer.Set(Encoding.UTF8.GetBytes(id));
            Assert.That((buffer.Text, Encoding.UTF8.GetString(buffer.Utf8)), Is.EqualTo((id, id)));
            Assert.That(buffer.IsSet, Is.True);
        }
    }

    [Test]
    public void Text_OfOneId_IsMadeOnce()
    {
        var buffer = new LastEventIdBuffer("");
        buffer.Set("12"u8);

        string first = buffer.Text, again = buffer.Text;
        Assert.That((first, again), Is.EqualTo(("12", "12")));
        Assert.That(again, Is.SameAs(first));
    }

    [TestCase(16)]
    [TestCase(1024)]
    [TestCase(5000)]
    public void Set_IdsOfSimilarSize_UsesTheSameArray(int size)
    {
        byte[] id = new byte[size];
        var buffer = new LastEventIdBuffer("");
        buffer.Set(id);
        ReadOnlySpan<byte> before = buffer.Utf8;

        buffer.Set(id.AsSpan(0, size / 2));
        buffer.Set(id);

        Assert.That(buffer.Utf8 == before, "The same bytes of the same array.");
    }

    [Test]
    public void Set_ShortIdAfterAHugeOne_HoldsLittleMemory()
    {
        var buffer = new LastEventIdBuffer("");
        buffer.Set(new byte[15 * 1024 * 1024]);

        buffer.Set("1"u8);

        Assert.That(buffer.Capacity, Is.LessThanOrEqualTo(1024));
        Assert.That(buffer.Text, Is.EqualTo("1"));
    }
}
