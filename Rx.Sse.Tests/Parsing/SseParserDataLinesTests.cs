namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Compares events of many data lines with the reference. The parser has separate code to remember, join and decode
/// these lines.
/// </summary>
internal sealed class SseParserDataLinesTests
{
    [Test]
    public void Feed_ManyDataLines_AreTheSameAsTextAndAsBytes(
        [Values("\n", "\r", "\r\n")] string newLine,
        [Values(2, 3, 50, 127, 128, 129, 300)] int count,
        [Values(false, true)] bool isAscii)
    {
        var random = new Random(count);
        for (int i = 0; i < 20; i++)
        {
            string[] lines = [.. Enumerable.Range(0, count).Select(_ => Agreement.DataLine(random, isAscii))];
            string stream =
                $"event: before{newLine}{string.Join(newLine, lines)}{newLine}{newLine}data: after{newLine}{newLine}";
            Agreement.AssertSame(stream, random.Next(100, 5_000));
        }
    }

    /// <summary>Another kind of line between the data lines, at each position.</summary>
    [Test]
    public void Feed_AnythingBetweenDataLines_KeepsTheirOrder(
        [Values("data", "id: 7", ": comment", "event: x", "retry: 5", "unknown", "")] string between,
        [Values("\n", "\r\n")] string newLine)
    {
        var random = new Random(1);
        for (int place = 1; place < 12; place++)
        {
            List<string> lines = [.. Enumerable.Range(0, 12).Select(_ => Agreement.DataLine(random, isAscii: true))];
            lines.Insert(place, between);
            string block = string.Join(newLine, lines) + newLine + newLine;
            Agreement.AssertSame(block + block, 4_096);
        }
    }

    /// <summary>The bytes next to an ASCII line must not affect it, although the parser reads them together.</summary>
    [Test]
    public void Feed_OtherTextBesideAsciiLines_ChangesNothing()
    {
        string block = string.Concat(Enumerable.Repeat("data: a line of more than twenty-four bytes\n", 10)) + "\n";
        Agreement.AssertSame(block + "data: 漢字漢字漢字漢字\n\n" + block + ": 漢字\n" + block, 4_096);
    }
}
