using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Every line end of a chunk is found, wherever it lies in the vectors.</summary>
internal sealed class LineEndsTests
{
    [Test]
    public void TryNext_OneLineEnd_IsFoundAtEveryPlace([Values((byte)'\n', (byte)'\r')] byte lineEnd)
    {
        for (int length = LineEnds.SmallestInput; length <= 3 * LineEnds.SmallestInput; length++)
        {
            for (int place = 0; place < length; place++)
            {
                byte[] input = new byte[length];
                input[place] = lineEnd;
                Assert.That(Find(input), Is.EqualTo(new[] { place }), $"{length} bytes");
            }
        }
    }

    /// <summary>In all densities; the other bytes are those that differ from a line end in one bit, or have the highest one.</summary>
    [Test]
    public void TryNext_AnyInput_FindsWhatASearchByteByByteFinds()
    {
        byte[] others = [0, 0x08, 0x0B, 0x0C, 0x0F, 0x1A, 0x2A, 0x4D, 0x8A, 0x8D, 0xFF];
        var random = new Random(1);
        int found = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte[] input = random.GetItems(others, random.Next(LineEnds.SmallestInput, 500));
            for (int count = random.Next(input.Length); count > 0; count--)
                input[random.Next(input.Length)] = random.Next(2) == 0 ? (byte)'\n' : (byte)'\r';

            int[] expected = [.. Enumerable.Range(0, input.Length).Where(place => input[place] is (byte)'\n' or (byte)'\r')];
            Assert.That(Find(input), Is.EqualTo(expected), Convert.ToHexString(input));
            found += expected.Length;
        }

        Assert.That(found, Is.GreaterThan(100_000));
    }

    /// <summary>All that lies beyond the input are line ends, which must not be found.</summary>
    private static List<int> Find(byte[] input)
    {
        byte[] surrounded = new byte[input.Length + 2 * LineEnds.SmallestInput];
        surrounded.AsSpan().Fill((byte)'\n');
        input.CopyTo(surrounded, LineEnds.SmallestInput);

        List<int> found = [];
        var lineEnds = new LineEnds(surrounded.AsSpan(LineEnds.SmallestInput, input.Length));
        while (lineEnds.TryNext(out int index))
        {
            found.Add(index);
            Assert.That(lineEnds.Position, Is.InRange(index + 1, input.Length));
        }

        return found;
    }
}
