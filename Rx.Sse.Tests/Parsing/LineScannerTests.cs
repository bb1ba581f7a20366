using Rx.Sse.Parsing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Every line end of a chunk is found, wherever it is in the vectors.</summary>
internal sealed class LineScannerTests
{
    [Test]
    public void Find_OneLineEnd_IsFoundAtEveryPlace([Values((byte)'\n', (byte)'\r')] byte lineEnd)
    {
        for (int length = LineScanner.Window; length <= 3 * LineScanner.Window; length++)
        {
            for (int place = 0; place < length; place++)
            {
                byte[] input = new byte[length];
                input[place] = lineEnd;
                Agreement.AssertEqual(Find(input), [place], $"{length} bytes");
            }
        }
    }

    /// <summary>
    /// Line ends in all densities. The other bytes differ from a line end in one bit, or have the highest bit set.
    /// </summary>
    [Test]
    public void Find_AnyInput_IsWhatASearchByteByByteFinds()
    {
        byte[] others = [0, 0x08, 0x0B, 0x0C, 0x0F, 0x1A, 0x2A, 0x4D, 0x8A, 0x8D, 0xFF];
        var random = new Random(1);
        int found = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte[] input = random.GetItems(others, random.Next(LineScanner.Window, 500));
            for (int count = random.Next(input.Length); count > 0; count--)
                input[random.Next(input.Length)] = random.Next(2) == 0 ? (byte)'\n' : (byte)'\r';

            int[] expected = [.. Enumerable.Range(0, input.Length).Where(place => IsLineEnd(input, place))];
            Agreement.AssertEqual(Find(input), expected, Convert.ToHexString(input));
            found += expected.Length;
        }

        Assert.That(found, Is.GreaterThan(100_000));
    }

    /// <summary>The LF of a CRLF is not a separate line end.</summary>
    private static bool IsLineEnd(byte[] input, int place) =>
        input[place] == '\r' || input[place] == '\n' && (place == 0 || input[place - 1] != '\r');

    /// <summary>The input is surrounded by line ends, which must not be found.</summary>
    private static List<int> Find(byte[] input)
    {
        byte[] surrounded = new byte[input.Length + 2 * LineScanner.Window];
        surrounded.AsSpan().Fill((byte)'\n');
        input.CopyTo(surrounded, LineScanner.Window);
        ReadOnlySpan<byte> lent = surrounded.AsSpan(LineScanner.Window, input.Length);

        List<int> found = [];
        int window = 0;
        ulong bits = LineScanner.Find(lent, 0);
        do
        {
            found.AddRange(Places(window, bits));
            (window, bits) = LineScanner.Next(lent, window, found is [] ? 0 : AfterLineEnd(lent, found[^1]));
        }
        while (bits != 0);

        // The search can restart at any line.
        foreach (int lineStart in found.Select(place => place + 1).Where(IsLineStart))
        {
            int[] rest = [.. found.Where(place => place >= lineStart)];
            Agreement.AssertEqual(
                Places(lineStart, LineScanner.Find(lent, lineStart)),
                rest.Where(place => place < lineStart + LineScanner.Window), $"from {lineStart}");
        }

        return found;

        bool IsLineStart(int start) => start < input.Length && (input[start - 1] != '\r' || input[start] != '\n');
    }

    private static int AfterLineEnd(ReadOnlySpan<byte> input, int end) =>
        input[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1;

    private static IEnumerable<int> Places(int window, ulong bits)
    {
        for (; bits != 0; bits &= bits - 1)
            yield return window + LineScanner.LowestOf(bits);
    }
}
