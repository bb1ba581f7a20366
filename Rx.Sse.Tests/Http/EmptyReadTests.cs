using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;

namespace Rx.Sse.Tests.Http;

/// <summary>Bodies that do something else with an empty read than wait for bytes.</summary>
internal sealed class EmptyReadTests
{
    private const int SmallRead = 4 * 1024;

    private static readonly Func<Exception>[] Refusals =
    [
        () => new ArgumentException("empty"),
        () => new ArgumentOutOfRangeException("count"),
        () => new ArgumentNullException("buffer"),
        () => new NotSupportedException(),
        () => new InvalidOperationException(),
    ];

    [Test]
    public void ReadAsync_BodyAnswersEmptyReadsAtOnce_WaitsWithASmallBuffer(
        [Values(100, 255, 4_095, 4_096, 4_097, 4_352, 20_480, 60_000, 69_632, 86_016, 200_000)] int size)
    {
        var body = new PushedBody { EmptyRead = () => new ValueTask<int>(0) };
        List<SseEvent> events = [];
        using IDisposable subscription = body.ToSseObservable().Subscribe(events.Add);
        Assert.That(body.Pending, Is.InRange(1, SmallRead));

        for (int i = 1; i <= 3; i++)
        {
            body.Push($"data: {new string('x', size - "data: \n\n".Length)}\n\n");
            Assert.That(events, Has.Count.EqualTo(i));
            Assert.That(body.Pending, Is.InRange(1, SmallRead));
        }

        body.End();
    }

    /// <summary>More of the line is to come, but it may take its time.</summary>
    [TestCase(100, SmallRead)]
    [TestCase(4_096, 16_384)]
    [TestCase(20_480, 65_536)]
    [TestCase(86_016, 65_536)]
    [TestCase(60_000, SmallRead)]
    [TestCase(200_000, SmallRead)]
    public void ReadAsync_LineUnfinishedAfterAFullRead_TakesALargerBuffer(int size, int expected)
    {
        var body = new PushedBody { EmptyRead = () => new ValueTask<int>(0) };
        using IDisposable subscription = body.ToSseObservable().Subscribe(_ => { });

        body.Push($"data: {new string('x', size - "data: ".Length)}");

        Assert.That(body.Pending, Is.EqualTo(expected));
        body.End();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task ReadAsync_BodyRefusesEmptyReads_ReadsWithASmallBufferFromThenOn(
        [ValueSource(nameof(Refusals))] Func<Exception> refusal, [Values] bool isAsync, CancellationToken hang)
    {
        var body = new PushedBody { EmptyRead = () => isAsync ? FailAsync(refusal()) : throw refusal() };
        Task<IList<string>> events = body.ToSseObservable().Select(e => e.Data).ToList().ToTask(hang);

        foreach (string data in new[] { "a", "b", "c" })
        {
            Assert.That(body.Pending, Is.InRange(1, SmallRead));
            body.Push($"data: {data}\n\n");
        }

        body.End();

        Assert.That(await events, Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(body.EmptyReads, Is.EqualTo(1));
    }

    /// <summary>Otherwise a stream would wait for a connection that is gone.</summary>
    [Test]
    public void ReadAsync_EmptyReadFails_FailsTheStream()
    {
        var failure = new IOException("The connection was reset.");
        var body = new PushedBody { EmptyRead = () => FailAsync(failure) };
        Exception? error = null;

        using IDisposable subscription = body.ToSseObservable().Subscribe(_ => { }, thrown => error = thrown);

        Assert.That(error, Is.TypeOf<SseConnectionException>().With.InnerException.SameAs(failure));
        Assert.That(body.Pending, Is.Null);
    }

    /// <summary>The failure is not a refusal if an ordinary read has it, too.</summary>
    [Test]
    public void ReadAsync_EveryReadFailsLikeARefusal_FailsTheStream(
        [ValueSource(nameof(Refusals))] Func<Exception> refusal)
    {
        Exception failure = refusal();
        Exception? error = null;

        using IDisposable subscription =
            new FailingBody(failure).ToSseObservable().Subscribe(_ => { }, thrown => error = thrown);

        Assert.That(error, Is.TypeOf<SseConnectionException>());
        Assert.That(error!.InnerException!.InnerException, Is.SameAs(failure));
    }

    private static ValueTask<int> FailAsync(Exception exception) => ValueTask.FromException<int>(exception);

    private sealed class FailingBody(Exception failure) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            FailAsync(failure);

        public override Task<int> ReadAsync(
            byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromException<int>(failure);
    }
}
