using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Events of many data lines, which are remembered, joined and decoded in ways of their own, against the reference.</summary>
internal sealed class SseParserDataLinesTests
{
    private static readonly string[] Texts = ["", "x", "a line of more than twenty-four bytes", new('y', 57), new('z', 58), new('w', 63), new('v', 64), new('u', 65), new('t', 200)];

    [Test]
    public void Feed_ManyDataLines_AreTheSameAsTextAndAsBytes(
        [Values("\n", "\r", "\r\n")] string newLine, [Values(2, 3, 50, 127, 128, 129, 300)] int count, [Values(false, true)] bool isAscii)
    {
        var random = new Random(count);
        for (int i = 0; i < 20; i++)
        {
            string[] lines = [.. Enumerable.Range(0, count).Select(_ => Line(random, isAscii))];
            string stream = $"event: before{newLine}{string.Join(newLine, lines)}{newLine}{newLine}data: after{newLine}{newLine}";
            AssertSame(stream, random.Next(100, 5_000));
        }
    }

    /// <summary>Another kind of line between them, at any place.</summary>
    [Test]
    public void Feed_AnythingBetweenDataLines_KeepsTheirOrder(
        [Values("data", "id: 7", ": comment", "event: x", "retry: 5", "unknown", "")] string between, [Values("\n", "\r\n")] string newLine)
    {
        var random = new Random(1);
        for (int place = 1; place < 12; place++)
        {
            List<string> lines = [.. Enumerable.Range(0, 12).Select(_ => Line(random, isAscii: true))];
            lines.Insert(place, between);
            string block = string.Join(newLine, lines) + newLine + newLine;
            AssertSame(block + block, 4_096);
        }
    }

    /// <summary>The bytes beside an ASCII line are none of its business, though they are looked at with it.</summary>
    [Test]
    public void Feed_OtherTextBesideAsciiLines_ChangesNothing()
    {
        string block = string.Concat(Enumerable.Repeat("data: a line of more than twenty-four bytes\n", 10)) + "\n";
        AssertSame(block + "data: 漢字漢字漢字漢字\n\n" + block + ": 漢字\n" + block, 4_096);
    }

    /// <summary>Blocks of one data line, for which there is a loop of its own, of any length and with anything among them.</summary>
    [Test]
    public void Feed_BlocksOfOneDataLine_AreTheSameAsTextAndAsBytes([Values("\n", "\r", "\r\n")] string newLine, [Range(1, 8)] int seed)
    {
        string[] others = ["", ": comment", "id: 7", "id: 1-1", "event: x", "retry: 5", "data", "unknown", "data: 漢字"];
        var random = new Random(seed);
        for (int i = 0; i < 50; i++)
        {
            var stream = new StringBuilder();
            for (int count = random.Next(1, 60); count > 0; count--)
            {
                if (random.Next(12) == 0)
                    stream.Append(others[random.Next(others.Length)]).Append(random.Next(3) == 0 ? "\r" : newLine);
                stream.Append(Line(random, isAscii: random.Next(9) > 0)).Append(newLine).Append(newLine);
            }

            AssertSame(stream.ToString(), random.Next(64, 1_000));
        }
    }

    private static string Line(Random random, bool isAscii)
    {
        string text = Texts[random.Next(Texts.Length)];
        if (!isAscii && random.Next(10) == 0)
            text = text.Insert(random.Next(text.Length + 1), "é漢𝄞");
        return (random.Next(4) == 0 ? "data:" : "data: ") + text;
    }

    private static void AssertSame(string stream, int chunkSize)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);
        StreamLog expected = ReferenceParser.Parse(input);

        foreach (int size in new[] { input.Length, chunkSize })
        {
            SseParserCutTests.AssertSame(Parse.Chunks(Parse.Cut(input, size)), expected, stream);
            Assert.That(Events(input, size, source => source.ParseSse()), Is.EqualTo(expected.Events), stream);
            Assert.That(Events(input, size, source => source.ParseSse(e => Encoding.UTF8.GetString(e.Data))), Is.EqualTo(expected.Events.Select(e => e.Data)), stream);
        }
    }

    private static List<T> Events<T>(byte[] input, int chunkSize, Func<IObservable<ReadOnlyMemory<byte>>, IObservable<T>> parse)
    {
        using var source = new Subject<ReadOnlyMemory<byte>>();
        var events = new List<T>();
        using IDisposable subscription = parse(source).Subscribe(events.Add);
        foreach (byte[] chunk in Parse.Cut(input, chunkSize))
        {
            byte[] lent = [.. chunk];
            source.OnNext(lent);
            Array.Fill(lent, (byte)'#');
        }

        return events;
    }
}
