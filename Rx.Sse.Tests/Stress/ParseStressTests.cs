using System.Buffers.Text;
using System.Reactive.Subjects;
using System.Text;

namespace Rx.Sse.Tests.Stress;

/// <summary>The operator alone: one thread pushes chunks while another disposes.</summary>
[CancelAfter(120_000)]
[Parallelizable(ParallelScope.All)]
internal sealed class ParseStressTests
{
    private const int Subscriptions = 500;

    /// <summary>Numbered events, cut in the middle of their lines.</summary>
    private static readonly byte[][] Chunks =
    [
        .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"retry: 1\ndata: {i}\n\n")))
            .Chunk(33),
    ];

    [Test]
    public async Task ParseSse_LeftWhileAnotherThreadFeeds_KeepsOrderAndReturnsItsBuffers(
        [Values(1, 2)] int seed, CancellationToken hang)
    {
        var random = new Random(seed);
        using var buffers = new BufferCensus();
        int late = 0, leftInTheMiddle = 0;
        List<string> faults = [];
        for (int i = 0; i < Subscriptions; i++)
        {
            int events = 0;
            using var source = new Subject<ReadOnlyMemory<byte>>();
            var observer = new RawObserver(_ => { });
            IDisposable subscription = source
                .ParseSse(
                    e => Utf8Parser.TryParse(e.Data, out int number, out int _)
                        && number == events++ ? new SseEvent() : throw new FormatException())
                .Subscribe(observer);
            int leaveAfter = random.Next(Chunks.Length), spins = random.Next(1_500);
            using var hasFed = new ManualResetEventSlim();
            using var isLeaving = new ManualResetEventSlim();
            Task leaving = Task.Run(
                () =>
                {
                    hasFed.Wait(hang);
                    isLeaving.Set();
                    Thread.SpinWait(spins);
                    subscription.Dispose();
                    observer.Leave();
                },
                hang);

            for (int fed = 0; fed < Chunks.Length; fed++)
            {
                // Otherwise, on a fast or a busy machine, all chunks are pushed before the other thread starts.
                if (fed == leaveAfter)
                {
                    hasFed.Set();
                    isLeaving.Wait(hang);
                }

                source.OnNext(Chunks[fed]);
            }

            source.OnCompleted();
            await leaving;

            faults.AddRange(observer.Faults);
            if (observer.Late > 1)
                faults.Add($"{observer.Late} notifications after Dispose had returned");
            late += observer.Late;
            leftInTheMiddle += observer.HasEnded ? 0 : 1;
        }

        TestContext.Out.WriteLine(
            $"Seed {seed}: {Subscriptions} subscriptions, {leftInTheMiddle} left in the middle, {buffers.Rented} "
                + $"buffers, {late} notifications were on their way when the other thread disposed.");
        Assert.That(faults, Is.Empty);
        Assert.That(buffers.Outstanding, Is.Zero, "buffers");
    }
}
