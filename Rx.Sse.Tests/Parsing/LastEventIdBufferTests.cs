using System.Text;
using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

internal sealed class LastEventIdBufferTests
{
    [Test]
    public void Set_LongerAndShorterOnes_IsAlwaysTheLast()
    {
        var buffer = new LastEventIdBuffer("é");
        Assert.That(buffer.Text, Is.EqualTo("é"));

        foreach (string id in new[] { "1", "a longer one than before", "é漢𝄞", "", "2" })
        {
            buffer.Set(Encoding.UTF8.GetBytes(id));
            Assert.That((buffer.Text, Encoding.UTF8.GetString(buffer.Utf8)), Is.EqualTo((id, id)));
        }
    }

    [Test]
    public void Text_OfOneId_IsMadeOnce()
    {
        var buffer = new LastEventIdBuffer("");
        buffer.Set("1"u8);

        string first = buffer.Text, again = buffer.Text;
        Assert.That((first, again), Is.EqualTo(("1", "1")));
        Assert.That(again, Is.SameAs(first));
    }

    [Test]
    public void SetLastOfChunk_IdThatAnEventHad_SharesItsText()
    {
        var buffer = new LastEventIdBuffer("");
        buffer.Take("1-2"u8);
        string text = buffer.Text;

        buffer.SetLastOfChunk("1-2"u8);

        Assert.That(buffer.Text, Is.SameAs(text).And.EqualTo("1-2"));
    }

    [TestCase("1-1")]
    [TestCase("1")]
    public void SetLastOfChunk_IdThatNoEventHad_IsNotAnotherOne(string before)
    {
        var buffer = new LastEventIdBuffer("");
        buffer.Take(Encoding.UTF8.GetBytes(before));
        buffer.SetLastOfChunk(Encoding.UTF8.GetBytes(before));
        Assert.That(buffer.Text, Is.EqualTo(before));

        buffer.SetLastOfChunk("2-2"u8);

        Assert.That(buffer.Text, Is.EqualTo("2-2"));
    }

    [Test]
    public void Number_IsThatOfTheLastIdAlone()
    {
        var buffer = new LastEventIdBuffer("5");
        Assert.That((buffer.Number, buffer.Text), Is.EqualTo((0UL, "5")), "known as text");

        buffer.Take("6"u8);
        Assert.That(buffer.Number, Is.EqualTo(NumericId.Pack("6"u8)).And.Not.Zero);

        buffer.Take("a"u8);
        Assert.That((buffer.Number, buffer.Text), Is.EqualTo((0UL, "a")));

        buffer.Take("7"u8);
        buffer.Set("8"u8);
        Assert.That((buffer.Number, buffer.Text), Is.EqualTo((0UL, "8")), "brought by no event");
    }
}
