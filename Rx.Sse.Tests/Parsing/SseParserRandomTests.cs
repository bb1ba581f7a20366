using System.Reactive.Subjects;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>Compares random streams, cut at random, with the reference.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SseParserRandomTests
{
    private const int StreamsPerSeed = 2_000;

    [Test]
    public void Feed_RandomStreamsRandomlyCut_AgreesWithTheReference([Range(1, 10)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < StreamsPerSeed; i++)
        {
            byte[] input = RandomStreams.Next(random);
            IEnumerable<int> cuts = Enumerable.Range(0, random.Next(12)).Select(_ =>
                random.Next(input.Length + 1)).Order();

            ParseLog actual = Parse.Chunks(Parse.CutAt(input, cuts.ToArray()));

            SseParserCutTests.AssertSame(
                actual, ReferenceParser.Parse(input), $"seed {seed}, stream {i}: {Convert.ToHexString(input)}");
        }
    }

    /// <summary>Long enough for many whole blocks in a chunk, which the parser reads on a separate path.</summary>
    [Test]
    public void Feed_LongRandomStreams_AgreeWithTheReferenceOnEitherPath([Range(1, 5)] int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < StreamsPerSeed / 10; i++)
        {
            byte[] input = RandomStreams.Next(random, 20, 400);
            StreamLog expected = ReferenceParser.Parse(input);
            string how = $"seed {seed}, stream {i}: {Convert.ToHexString(input)}";

            SseParserCutTests.AssertSame(Parse.Whole(input), expected, how);
            SseParserCutTests.AssertSame(Parse.Chunks(Parse.Cut(input, random.Next(64, 300))), expected, how);
            SseParserCutTests.AssertSame(Parse.Chunks(Parse.Cut(input, 1)), expected, how);
            Agreement.AssertEqual(Strings(input, random.Next(64, 3000)), expected.Events, how);
        }
    }

    [Test]
    public void RandomStreams_AreWorthComparing()
    {
        var random = new Random(1);
        List<object> items =
        [
            .. Enumerable.Range(0, StreamsPerSeed)
                .SelectMany(_ => ReferenceParser.Parse(RandomStreams.Next(random)).Items),
        ];

        Assert.That(items.OfType<SseEvent>().Count(), Is.GreaterThan(StreamsPerSeed / 2));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Id?.Length > 0 && e.LastEventId == e.Id));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Event is not null && e.Id is null && e.LastEventId != ""));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Retry is not null));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Data.Contains('\uFFFD')));
        Assert.That(items.OfType<SseEvent>().Any(e => e.Data.Contains("\n\n", StringComparison.Ordinal)));
        Assert.That(items.OfType<Comment>().Count(), Is.GreaterThan(StreamsPerSeed / 4));
    }

    /// <summary>The events as the operator creates them, which share the strings of IDs and types.</summary>
    private static List<SseEvent> Strings(byte[] input, int chunkSize)
    {
        var source = new Subject<ReadOnlyMemory<byte>>();
        var events = new List<SseEvent>();
        using IDisposable subscription = source.ParseSse().Subscribe(events.Add);
        foreach (byte[] chunk in Parse.Cut(input, chunkSize))
            source.OnNext(chunk);
        return events;
    }
}
