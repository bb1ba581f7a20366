using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text;

namespace Rx.Sse.Tests.Hostile;

/// <summary>
/// Endless input ends at the limit, or needs no memory. The tests measure how much is rented from the array pools at
/// the same time.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class BoundedMemoryTests
{
    private const int Limit = 128 * 1024;

    /// <summary>
    /// The old and the new array of a buffer that doubles in size, the reader's buffer, and the buffers for text that
    /// is being decoded.
    /// </summary>
    private const int MostBytes = 4 * Limit;

    /// <summary>Line ends and comments don't count towards the limit, and can be larger than what counts.</summary>
    private const int UncountedShare = 4;

    /// <summary>The read that exceeds the limit, and the reads that then close the connection.</summary>
    private const int LastReads = 64 * 1024 + 64 * 4 * 1024;

    /// <summary>The endless input stops at this size if nothing else stops it.</summary>
    private const long MuchLarger = 40L * Limit;

    [TestCase("data: ", "x")]
    [TestCase(":", "x")]
    [TestCase("id: ", "7")]
    [TestCase("event: ", "x")]
    [TestCase("retry: ", "9")]
    [TestCase("unknown: ", "x")]
    [TestCase("", "x")]
    [TestCase("data: ", "\uFEFF")]
    [TestCase("", "data: x\n")]
    [TestCase("", "data\n")]
    [TestCase("", "id: 7\r\n")]
    [TestCase("", "event: x\r")]
    [TestCase("", "retry: 1\n")]
    [TestCase("", "unknown\n: with a comment\n")]
    public void Stream_EndlessEvent_FailsAtTheLimit(string start, string unit)
    {
        var stream = new EndlessStream("data: before\n\n" + start, unit, MuchLarger);

        (List<string> received, Exception? error) = Measure(
            () => Collect(stream.ToSseObservable(new SseOptions { MaxEventSize = Limit })));

        TestContext.Out.WriteLine($"{stream.Sent} bytes were read of {MuchLarger}.");
        Assert.That(error, Is.TypeOf<SseLimitException>().With.Property("MaxEventSize").EqualTo(Limit));
        Assert.That(received, Is.EqualTo(new[] { "before" }));

        Assert.That(stream.Sent, Is.InRange(Limit, UncountedShare * Limit + LastReads));
    }

    /// <summary>All in one chunk that belongs to the source. It must not be copied before it is rejected.</summary>
    [TestCase("data: ", "x")]
    [TestCase(":", "x")]
    [TestCase("id: ", "7")]
    [TestCase("event: ", "x")]
    [TestCase("", "data: x\n")]
    [TestCase("da", "ta\n")]
    public async Task ParseSse_EndlessEventInOneChunk_FailsAtTheLimit(string start, string unit)
    {
        byte[] chunk = new byte[MuchLarger];
        await new EndlessStream("", unit, MuchLarger).ReadExactlyAsync(chunk);
        using var source = new Subject<ReadOnlyMemory<byte>>();
        Exception? error = null;
        using IDisposable subscription = source.ParseSse(new SseOptions { MaxEventSize = Limit })
            .Subscribe(_ => { }, e => error = e);

        Measure(() =>
        {
            source.OnNext(Encoding.UTF8.GetBytes(start));
            source.OnNext(chunk);
            return 0;
        });

        Assert.That(error, Is.TypeOf<SseLimitException>());
    }

    [TestCase(":\n")]
    [TestCase(": heartbeat\r\n")]
    [TestCase("\n")]
    [TestCase("data: x\n\n")]
    [TestCase("data: x\ndata: y\n\n")]
    [TestCase("id: 12345678\n\n")]
    [TestCase("event: without data\n\n")]
    [TestCase("retry: 1\n\n")]
    [TestCase("unknown: x\n\n")]
    public void Stream_EndlessSmallThings_AreReadInTheSameLittleMemory(string unit)
    {
        var stream = new EndlessStream("", unit, MuchLarger);

        Exception? error = Measure(
            () => Collect(stream.ToSseObservable(new SseOptions { MaxEventSize = Limit }).Where(_ => false)).Error);

        Assert.That(error, Is.Null);
        Assert.That(stream.Sent, Is.EqualTo(MuchLarger));
    }

    /// <summary>What a stream remembers between events.</summary>
    [Test]
    [ProcessWide("the size of the heap")]
    public void ParseSse_EndlessIdsAndTypes_AreForgotten()
    {
        const int Events = 100_000;
        using var source = new Subject<ReadOnlyMemory<byte>>();
        using IDisposable subscription = source.ParseSse(new SseOptions { MaxEventSize = Limit }).Subscribe(_ => { });
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 0; i < Events; i++)
            source.OnNext(Encoding.UTF8.GetBytes($"id: number {i}\nevent: of type {i}\ndata\n\n"));

        // The test platform may hold some memory meanwhile, which it releases later.
        long remembered = 0;
        SpinWait.SpinUntil(
            () => (remembered = GC.GetTotalMemory(forceFullCollection: true) - before) < Limit,
            TimeSpan.FromSeconds(20));
        TestContext.Out.WriteLine(
            $"{remembered} bytes are remembered of {Events} events with a type and an ID of their own.");
        Assert.That(remembered, Is.LessThan(Limit));
    }

    private static (List<string> Received, Exception? Error) Collect(IObservable<SseEvent> events)
    {
        List<string> received = [];
        Exception? error = null;
        using IDisposable subscription = events.Subscribe(e => received.Add(e.Data), e => error = e);
        return (received, error);
    }

    private static T Measure<T>(Func<T> run)
    {
        using var buffers = new BufferCensus();
        T result = run();

        TestContext.Out.WriteLine(
            $"{buffers.MostBytes} bytes were rented at the same time; the limit is {Limit}.");
        Assert.That(buffers.Outstanding, Is.Zero);
        Assert.That(buffers.MostBytes, Is.LessThanOrEqualTo(MostBytes));
        return result;
    }
}
