using System.Text;

namespace Rx.Sse.Tests;

/// <summary>An ID that is kept as a number comes back as the same text.</summary>
internal sealed class NumericIdTests
{
    [Test]
    public void Pack_Digits_AreUnpackedAsTheyWere([Range(1, NumericId.MostDigits)] int length)
    {
        var random = new Random(length);
        string[] ids = [new('0', length), new('9', length), .. Enumerable.Range(0, 200).Select(_ => new string(random.GetItems("0123456789".AsSpan(), length)))];

        foreach (string id in ids)
        {
            ulong packed = Pack(id);
            Assert.That(packed, Is.Not.Zero.And.LessThan(1UL << 62));
            Assert.That(NumericId.Unpack(packed), Is.EqualTo(id));
        }
    }

    [Test]
    public void Pack_OneOtherCharacter_IsNone([Range(1, NumericId.MostDigits)] int length)
    {
        for (int place = 0; place < length; place++)
        {
            for (int value = 0; value <= byte.MaxValue; value++)
            {
                byte[] id = Encoding.ASCII.GetBytes(new string('7', length));
                id[place] = (byte)value;
                Assert.That(NumericId.Pack(id) != 0, Is.EqualTo(value is >= '0' and <= '9'), $"{value} at {place} of {length}");
            }
        }
    }

    [TestCase("")]
    [TestCase("123456789012345")]
    [TestCase("-1")]
    [TestCase("1.5")]
    [TestCase(" 1")]
    public void Pack_AnythingElse_IsNone(string id) => Assert.That(Pack(id), Is.Zero);

    private static ulong Pack(string id) => NumericId.Pack(Encoding.UTF8.GetBytes(id));
}
