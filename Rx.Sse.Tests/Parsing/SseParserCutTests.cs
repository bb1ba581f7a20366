using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>The events do not depend on where the bytes are cut.</summary>
internal sealed class SseParserCutTests
{
    /// <summary>Streams with all kinds of line ends, and what usually goes wrong with them.</summary>
    public static readonly string[] Streams =
    [
        "\uFEFFevent: a\r\nid: 1\r\ndata: x\r\ndata: y\r\n\r\n: comment\r\n\r\ndata: z\r\n\r\n",
        "data: 1\r\rdata: 2\r\n\r\ndata: 3\n\ndata: 4\r\n\rdata: 5\n\r\n",
        "\r\n\rdata\r\r\r\n\n\ndata:\n\r\rid: é\nretry: 12\nevent: €\ndata: 𝄞\n\nid\n\n",
        "data: one\n\ndata: cut off\nid: 9",
        ":\r:\n:\r\ndata:: :\r\n\r",

        // A CR, then a chunk that is not small and does not begin with an LF, and then an LF.
        "data: a line of some length\rdata: another one like it\n\nid: 1\rdata: and a third one as well\n\n",

        // Long enough for the fast path, which may end at any of the short lines.
        "event: tick\nid: 1\ndata: {\"price\":99.5}\n\nid:2\ndata: a\n\n:\n: "
            + "heartbeat\nevent:x\ndata:b\ndata:c\n\nid\ndata\n\nid:\ndata:\n\ne\n:\n\nretry:1\n\n",
    ];

    [TestCaseSource(nameof(Streams))]
    public void Feed_CutIntoTwoAnywhere_GivesTheSame(string stream)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);
        StreamLog expected = ReferenceParser.Parse(input);

        Assert.Multiple(() =>
        {
            for (int cut = 0; cut <= input.Length; cut++)
                AssertSame(Parse.Chunks(Parse.CutAt(input, cut)), expected, $"cut at {cut}");
        });
    }

    [TestCaseSource(nameof(Streams))]
    public void Feed_CutIntoThreeAnywhere_GivesTheSame(string stream)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);
        StreamLog expected = ReferenceParser.Parse(input);

        Assert.Multiple(() =>
        {
            for (int first = 0; first <= input.Length; first++)
            {
                for (int second = first; second <= input.Length; second++)
                    AssertSame(
                        Parse.Chunks(Parse.CutAt(input, first, second)), expected, $"cut at {first} and {second}");
            }
        });
    }

    [TestCaseSource(nameof(Streams))]
    public void Feed_OneByteAtATimeWithEmptyChunksBetween_GivesTheSame(string stream)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);

        ParseLog log = Parse.Chunks(input.SelectMany(value => new byte[][] { [], [value], [] }));

        AssertSame(log, ReferenceParser.Parse(input), "one byte at a time");
    }

    [Test]
    public void Feed_EventClosedByCarriageReturn_IsDispatchedAtOnce()
    {
        var log = new ParseLog();
        var parser = new SseParser(new RecordingSink(log), new LastEventIdBuffer(""), 100);

        parser.Feed("data: a\r\r"u8);
        Assert.That(log.Items, Has.Count.EqualTo(1));

        parser.Feed("\n"u8);
        parser.Feed("data: b\r\n"u8);
        Assert.That(log.Items, Has.Count.EqualTo(1));

        parser.Feed("\r"u8);
        Assert.That(log.Items, Is.EqualTo(new object[] { new SseEvent { Data = "a" }, new SseEvent { Data = "b" } }));
    }

    [Test]
    public void Reset_BetweenConnections_ForgetsTheUnfinishedAndKeepsTheId()
    {
        var log = new ParseLog();
        var parser = new SseParser(new RecordingSink(log), new LastEventIdBuffer("0"), 100);

        parser.Feed("id: 1\ndata: a\n\nid: 2\nevent: x\ndata: cut\nretr"u8);
        parser.Reset();
        parser.Feed("\uFEFFdata: b\r"u8);
        parser.Reset();
        parser.Feed("\ndata: c\n\n"u8);

        Assert.That(log.Items, Is.EqualTo(new object[]
        {
            new SseEvent { Data = "a", Id = "1", LastEventId = "1" },
            new SseEvent { Data = "c", LastEventId = "1" },
        }));
    }

    internal static void AssertSame(ParseLog actual, StreamLog expected, string how)
    {
        Agreement.AssertEqual(actual.Items, expected.Items, how);
        Assert.That(actual.LastEventId, Is.EqualTo(expected.LastEventId), how);
    }
}
