using System.Reactive.Subjects;
using System.Text;
using Rx.Sse.Parsing;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Parsing;

/// <summary>
/// Chunks of a few bytes are gathered before they are parsed. Nobody can tell: events come with their last byte, and errors with the first that is
/// too many.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class SmallChunksTests
{
    private static readonly string[] Streams =
    [
        .. SseParserCutTests.Streams,
        "data: 1\r\n\ndata: 2\n\rdata: 3\r\ndata: 4\n\n",
        "data: a\tb\0c\n\nid: 1\0\nid: 2\n\ndata: x\n\n:\n:\n\ndata: cut off\nid: 9",
        $"event: tick\nid: 1\ndata: {{\"price\":99.5}}\n\n: {new string('c', 300)}\n\ndata: y\n\n",
        $"data: {new string('x', 247)}\n\ndata: {new string('x', 248)}\n\ndata: {new string('x', 249)}\n\ndata: {new string('x', 600)}\ndata: y\n\n",
    ];

    [Test]
    public void ParseSse_InSmallChunks_GivesEachEventWithItsLastByte(
        [ValueSource(nameof(Streams))] string stream, [Range(1, 18)] int size, [Values(7, 12, 40, 260, SseOptions.DefaultMaxEventSize)] int maxEventSize)
    {
        byte[] input = Encoding.UTF8.GetBytes(stream);
        using var source = new Subject<ReadOnlyMemory<byte>>();
        List<SseEvent> events = [];
        Exception? error = null;
        using IDisposable subscription = source.ParseSse(maxEventSize).Subscribe(events.Add, thrown => error = thrown);

        int count = 0;
        SseEvent[] expected = [];
        foreach (byte[] chunk in Parse.Cut(input, size))
        {
            Parse.Lend(chunk, lent => source.OnNext(lent));
            count += chunk.Length;

            int? beyond = ReferenceLimit.FirstByteBeyond(input[..count], maxEventSize);
            if (chunk.AsSpan().ContainsAny((byte)'\r', (byte)'\n'))
                expected = [.. ReferenceParser.Parse(input[..(beyond ?? count)]).Events];
            Agreement.AssertEqual(events, expected, $"after {count} bytes");
            Assert.That(error, beyond is null ? Is.Null : Is.TypeOf<SseLimitException>(), $"after {count} bytes");
        }
    }

    /// <summary>Those that are gathered are parsed before a larger one, and not after it.</summary>
    [Test]
    public void ParseSse_ChunksOfAllSizes_KeepTheirOrder([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        int[] sizes = [0, 1, 1, 1, 2, 15, 16, 17, 64, 240, 256, 1_000];
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"id: {i}\n{Agreement.DataLine(random, isAscii: false)}\n\n")));
        using var source = new Subject<ReadOnlyMemory<byte>>();
        List<SseEvent> events = [];
        using IDisposable subscription = source.ParseSse().Subscribe(events.Add);

        for (int start = 0; start < input.Length;)
        {
            byte[] chunk = input[start..Math.Min(input.Length, start + sizes[random.Next(sizes.Length)])];
            Parse.Lend(chunk, lent => source.OnNext(lent));
            start += chunk.Length;
        }

        Assert.That(events, Is.EqualTo(ReferenceParser.Parse(input).Events));
    }

    [Test]
    public void ParseSse_LeftAfterSmallChunks_GivesItsBuffersBack([Values(1, 3)] int size)
    {
        using var buffers = new BufferCensus();
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using (source.ParseSse().Subscribe())
        {
            foreach (byte[] chunk in Parse.Cut("data: a\n\ndata: cut off"u8.ToArray(), size))
                source.OnNext(chunk);
            Assert.That(buffers.Outstanding, Is.Positive);
        }

        Assert.That(buffers.Outstanding, Is.Zero);
    }

    [Test]
    public void ParseSse_LargeChunksAlone_BorrowsNothing()
    {
        using var buffers = new BufferCensus();
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse().Subscribe();

        source.OnNext(Encoding.UTF8.GetBytes($"data: {new string('x', 100)}\n\n"));

        Assert.That(buffers.Rented, Is.Zero);
    }

#if DEBUG
    /// <summary>As in <see cref="SseParserWorkTests"/>, and before that each byte may be looked at, and is copied.</summary>
    [Test]
    public void ParseSse_InSmallChunks_IsLinear(
        [Values("data: x\n\n", "data: a line of little more than thirty\n", "x\r", "data:", ": comment\n", "event: x\nid: 1\n", "\n\nx")] string repeated,
        [Values(1, 2, 15, 16)] int size)
    {
        const int Size = 1024 * 1024, MostTimes = SseParserWorkTests.MostTimes + 2;
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(repeated, Size / repeated.Length)));
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse(2 * Size).Subscribe();
        long before = Work.Bytes;

        for (int start = 0; start < input.Length; start += size)
            source.OnNext(input.AsMemory(start, Math.Min(size, input.Length - start)));

        Assert.That(Work.Bytes - before, Is.InRange(input.Length / 2, MostTimes * (long)input.Length));
    }
#endif
}
