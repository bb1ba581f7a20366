using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// At the end of a stream, an unfinished last line counts as a line, and the end counts as a blank line.
/// </summary>
internal sealed class SseParserEndTests
{
    private static readonly string[] Streams =
    [
        "",
        "data",
        "data:",
        "data: a",
        "data: a\r",
        "data: a\n",
        "data: a\r\n",
        "data: a\r\r",
        "data: a\n\n",
        "id: 1\ndata: a\n\nid: 2\nevent: x\nretry: 5\ndata: b\ndata: c, a line that is long enough for the fast path",
        "data: a\n\nid: 2",
        "data: a\n\nretry: 5",
        "data: a\n: a comment",
        "\uFEFF",
        .. SseParserCutTests.Streams,
    ];

    /// <summary>
    /// Cut off after any byte, even within a character or the byte order mark, and read in chunks of several sizes.
    /// </summary>
    [TestCaseSource(nameof(Streams))]
    public void End_StreamCutOffAnywhere_ReadsLineEndAndBlankLine(string stream)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);

        Assert.Multiple(() =>
        {
            for (int length = 0; length <= input.Length; length++)
            {
                byte[] received = [.. input.Take(length)];
                StreamLog expected = ReferenceParser.Parse([.. received, .. "\r\r"u8]);
                foreach (int size in new[] { 1, 3, 64, int.MaxValue })
                {
                    ParseLog log = Parse.Chunks(Parse.Cut(received, size), atEnd: true);
                    Assert.That(log.Items, Is.EqualTo(expected.Items), $"{length} bytes in chunks of {size}");
                    Assert.That(log.LastEventId, Is.EqualTo(expected.LastEventId));
                    Assert.That(log.Result, Is.EqualTo(SseFeedResult.NeedsMore));
                }
            }
        });
    }

    [Test]
    public void End_WithinACharacter_GivesAReplacementCharacter()
    {
        ParseLog log = Parse.Chunks([[.. "data: a"u8, 0xE2, 0x82]], atEnd: true);

        Assert.That(log.Items, Is.EqualTo(new[] { new SseEvent { Data = "a\uFFFD" } }));
    }

    [TestCase("data: a")]
    [TestCase(": a comment")]
    public void End_SinkStops_IsStopped(string stream) =>
        Assert.That(
            Parse.Chunks([Encoding.UTF8.GetBytes(stream)], stopAfter: 1, atEnd: true).Result,
            Is.EqualTo(SseFeedResult.Stopped));

    [Test]
    public void End_EventOfTheLargestSize_IsDispatched() =>
        Assert.That(
            Parse.Chunks([[.. "id: 1\ndata: 012"u8]], maxEventSize: 14, atEnd: true).Items,
            Is.EqualTo(new[] { new SseEvent { Id = "1", Data = "012" } }));
}
