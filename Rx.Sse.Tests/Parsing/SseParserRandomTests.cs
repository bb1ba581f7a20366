using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Random streams under random cuts, against the reference.</summary>
internal sealed class SseParserRandomTests
{
    private const int StreamsPerSeed = 2_000;

    private static readonly byte[][] LineEnds = Utf8("\n", "\n", "\n", "\r", "\r\n");

    private static readonly byte[][] Names = Utf8("data", "data", "data", "event", "id", "retry", "", "Data", "unknown", "\uFEFFdata");

    private static readonly byte[][] Separators = Utf8(":", ": ", ": ", ":  ", "", " : ");

    /// <summary>Values that mean something, or almost do, and ill-formed UTF-8.</summary>
    private static readonly byte[][] Values =
    [
        .. Utf8("", "x", "tick", "1", "2", "5000", "99999999999999999999", "\0", "a:b", "é", "€", "𝄞", "\u2028", "\u0085", "\uFEFF", "0123456789abcdef"),
        .. Utf8("a line of a little more than twenty bytes", "a line of more than sixty-four bytes, which is as much as is looked at together"),
        [0xEF], [0xEF, 0xBB], [0xBB, 0xBF], [0xC3], [0xE2, 0x82], [0xF0, 0x9D, 0x84], [0xF0], [0x80], [0xBF], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xE0, 0x80],
    ];

    [Test]
    public void Feed_RandomStreamsRandomlyCut_AgreesWithTheReference([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < StreamsPerSeed; i++)
        {
            byte[] input = RandomStream(random);
            IEnumerable<int> cuts = Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(input.Length + 1)).Order();

            ParseLog actual = Parse.Chunks(Parse.CutAt(input, cuts.ToArray()));

            SseParserCutTests.AssertSame(actual, ReferenceParser.Parse(input), $"seed {seed}, stream {i}: {Convert.ToHexString(input)}");
        }
    }

    /// <summary>Long enough for many whole blocks in a chunk, which the parser reads on a path of their own.</summary>
    [Test]
    public void Feed_LongRandomStreams_AgreeWithTheReferenceOnEitherPath([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < StreamsPerSeed / 10; i++)
        {
            byte[] input = RandomStream(random, 20, 400);
            StreamLog expected = ReferenceParser.Parse(input);
            string how = $"seed {seed}, stream {i}: {Convert.ToHexString(input)}";

            SseParserCutTests.AssertSame(Parse.Whole(input), expected, how);
            SseParserCutTests.AssertSame(Parse.Chunks(Parse.Cut(input, random.Next(64, 300))), expected, how);
            SseParserCutTests.AssertSame(Parse.Chunks(Parse.Cut(input, 1)), expected, how);
            Assert.That(Strings(input, random.Next(64, 3000)), Is.EqualTo(expected.Events), how);
        }
    }

    [Test]
    public void RandomStreams_AreWorthComparing()
    {
        var random = new Random(1);
        List<object> items = [.. Enumerable.Range(0, StreamsPerSeed).SelectMany(_ => ReferenceParser.Parse(RandomStream(random)).Items)];

        Assert.That(items.OfType<SseEvent>().Count(), Is.GreaterThan(StreamsPerSeed / 2));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Id?.Length > 0 && e.LastEventId == e.Id));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Event is not null && e.Id is null && e.LastEventId != ""));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Retry is not null));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Data.Contains('\uFFFD')));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Data.Contains("\n\n", StringComparison.Ordinal)));
        Assert.That(items.OfType<Comment>().Count(), Is.GreaterThan(StreamsPerSeed / 4));
    }

    /// <summary>The events as the operator makes them, with the text of IDs and types that it shares between them.</summary>
    private static List<SseEvent> Strings(byte[] input, int chunkSize)
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        var events = new List<SseEvent>();
        using IDisposable subscription = source.ParseSse().Subscribe(events.Add);
        foreach (byte[] chunk in Parse.Cut(input, chunkSize))
            source.OnNext(chunk);
        return events;
    }

    private static byte[] RandomStream(Random random, int minParts = 1, int maxParts = 20)
    {
        var stream = new List<byte>();
        if (random.Next(8) == 0)
            stream.AddRange(Pick(Utf8("\uFEFF", "\uFEFF\uFEFF", "\uFEFF\n")));

        for (int parts = random.Next(minParts, maxParts); parts > 0; parts--)
        {
            // Mostly lines; now and then a piece of one, so that there are things that no one would write.
            if (random.Next(10) > 0)
                stream.AddRange([.. Pick(Names), .. Pick(Separators), .. Pick(Values), .. Pick(Values), .. Pick(LineEnds)]);
            else
                stream.AddRange(Pick([.. Names, .. Separators, .. Values]));

            if (random.Next(3) == 0)
                stream.AddRange(Pick(LineEnds));
        }

        return [.. stream];

        byte[] Pick(byte[][] choices) => choices[random.Next(choices.Length)];
    }

    private static byte[][] Utf8(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
