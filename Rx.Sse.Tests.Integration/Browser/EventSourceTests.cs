using System.Diagnostics;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using Rx.Sse.Tests.Reliability.Fuzzing;

namespace Rx.Sse.Tests.Integration.Browser;

/// <summary>
/// The same bytes, read by the native <c>EventSource</c> of each engine, by this library, and as WHATWG HTML says. All
/// three must agree on the events and on the <c>Last-Event-ID</c> of the next request, except for <see
/// cref="EventSourceDifferences"/>.
/// </summary>
[TestFixture(BrowserEngine.Chromium)]
[TestFixture(BrowserEngine.Firefox)]
[TestFixture(BrowserEngine.WebKit)]
internal sealed class EventSourceTests(BrowserEngine engine)
{
    private const int RandomStreamCount = 300;
    private const int Seed = 1;
    private const string Browser = "browser";
    private const string Library = "library";

    private static readonly IReadOnlyList<RecordedStream> Streams =
        [.. HandPickedStreams.All, .. RandomRecordedStreams.Take(RandomStreamCount, Seed)];

    /// <summary>Reconnects like a browser, but without the delay.</summary>
    private static readonly SseOptions Options = new()
    {
        Reconnection = SseReconnection.Strict with { DelayGenerator = _ => new(TimeSpan.Zero) },
    };

    private readonly RecordedStreamServer _server = new(Streams, engine);
    private readonly ReportedEvent[][] _libraryEvents = new ReportedEvent[Streams.Count][];
    private ReportedEvent[][] _browserEvents = [];

    private static IEnumerable<TestCaseData> HandPicked =>
        HandPickedStreams.All.Select((stream, index) => new TestCaseData(index).SetArgDisplayNames(stream.Name));

    [OneTimeSetUp]
    public async Task ReadAllAsync()
    {
        using var hang = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _server.StartAsync();
        await using (BrowserPage page = await BrowserPage.OpenAsync(engine))
        {
            await page.GotoAsync(_server.Url);
            _browserEvents = await ReportAsync(hang.Token);
        }

        using var client = new HttpClient(
            new SocketsHttpHandler { RequestHeaderEncodingSelector = SseRequest.HeaderEncoding });
        var options = new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = hang.Token };
        await Parallel.ForAsync(0, Streams.Count, options, async (i, cancellation) =>
        {
            IList<SseEvent> events = await Observable
                .FromSse(client, _server.Url + RecordedStreamServer.PathOf(Library, i), Options)
                .ToList().ToTask(cancellation);
            _libraryEvents[i] = [.. events.Select(ReportedEvent.From)];
        });
    }

    [OneTimeTearDown]
    public async Task CleanUpAsync() => await _server.DisposeAsync();

    [TestCaseSource(nameof(HandPicked))]
    public void FromSse_HandPickedStream_ReadsWhatBrowserReads(int index) => AssertAgreement(index);

    [Test]
    public void FromSse_RandomStreams_ReadWhatBrowserReads()
    {
        Assert.Multiple(() =>
        {
            for (int i = HandPickedStreams.All.Count; i < Streams.Count; i++)
                AssertAgreement(i);
        });
    }

    [Test]
    public void Browser_Reconnects_NotBeforeItsOwnDelay()
    {
        for (int i = 0; i < Streams.Count; i++)
        {
            IReadOnlyList<RecordedStreamServer.Visit> visits = _server.Visits(Browser, i);
            TimeSpan delay = engine.StaysAway(Streams[i])
                ? TimeSpan.MaxValue
                : Stopwatch.GetElapsedTime(visits[1].Timestamp, visits[2].Timestamp);

            Assert.That(delay, Is.GreaterThan(0.9 * engine.LeastDelay(Streams[i])), Streams[i].Name);
        }
    }

    [Test]
    public void Streams_AreWorthComparing()
    {
        int differences = Streams.Count(
            stream => engine.StaysAway(stream) || !engine.AsRead(stream).SequenceEqual(stream.Bytes));
        int ids = Enumerable.Range(0, Streams.Count).Count(
            i => _server.Visits(Library, i)[^1].LastEventId != RecordedStreamServer.IdBefore);
        TestContext.Out.WriteLine(
            $"{Streams.Count} streams ({RandomStreamCount} random, of seed {Seed}) in "
            + $"{Streams.Sum(stream => stream.Chunks.Count)} chunks, "
            + $"{Streams.Sum(stream => stream.Bytes.Length)} bytes; "
            + $"{_libraryEvents.Sum(events => events.Length - 1)} events; {ids} streams change the ID; "
            + $"{engine} reads {differences} in another way");

        Assert.That(Streams, Has.Count.GreaterThan(400));
        Assert.That(ids, Is.GreaterThan(100));
        Assert.That(
            Streams.Skip(HandPickedStreams.All.Count).Sum(stream => ReferenceParser.Parse(stream.Bytes).Events.Count()),
            Is.GreaterThan(RandomStreamCount));
    }

    private async Task<ReportedEvent[][]> ReportAsync(CancellationToken hang)
    {
        try
        {
            return await _server.Report.WaitAsync(hang);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The page has not reported. It is at: {string.Join(", ", _server.Unfinished(Browser))}.");
            throw;
        }
    }

    private void AssertAgreement(int index)
    {
        RecordedStream stream = Streams[index];
        string bytes = stream.Bytes.Length > 10_000
            ? $"{stream.Bytes.Length} bytes"
            : string.Join(' ', stream.Chunks.Select(Convert.ToHexString));
        string how = $"{stream.Name}: {bytes}";

        StreamLog expected = ReferenceParser.Parse(stream.Bytes, RecordedStreamServer.IdBefore);
        AssertReading(Library, index, _libraryEvents[index], expected, expected.LastEventId, how);
        StreamLog differing = ReferenceParser.Parse(engine.AsRead(stream), RecordedStreamServer.IdBefore);
        if (engine.DependsOnChunks(stream) && _browserEvents[index].SequenceEqual(Reported(expected)))
            differing = expected;
        string idAfter = engine.LastEventIdAfter(differing, RecordedStreamServer.IdBefore);
        AssertReading(Browser, index, _browserEvents[index], differing, engine.StaysAway(stream) ? null : idAfter, how);
    }

    /// <summary>Asserts that a reader has read the stream as expected.</summary>
    /// <param name="idAfter">The ID of the request after the stream; null if there is none.</param>
    private void AssertReading(
        string reader, int index, ReportedEvent[] events, StreamLog expected, string? idAfter, string how)
    {
        // HTTP strips spaces and tabs around the value of a header.
        string[] lastEventIds = ["", RecordedStreamServer.IdBefore];
        if (idAfter is not null)
            lastEventIds = [.. lastEventIds, idAfter.Trim(' ', '\t')];
        Assert.That(events, Is.EqualTo(Reported(expected)), $"{reader}, {how}");
        Assert.That(
            _server.Visits(reader, index).Select(visit => visit.LastEventId),
            Is.EqualTo(lastEventIds),
            $"{reader}, {how}");
    }

    private static ReportedEvent[] Reported(StreamLog stream) =>
        [RecordedStreamServer.Prelude, .. stream.Events.Select(ReportedEvent.From)];
}
