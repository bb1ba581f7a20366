using System.Reactive.Disposables;

namespace Rx.Sse.Tests.Http;

/// <summary>How a body is read.</summary>
internal sealed class ResponseReaderTests
{
    /// <summary>The connection is closed by a read of its own, which need not be over at once; streams take one read at a time.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task ReadAsync_DisposedBeforeHalfAnEventIsParsed_BeginsNoSecondRead(CancellationToken hang)
    {
        var subscription = new SingleAssignmentDisposable();
        var body = new HalfAnEvent(subscription.Dispose);

        subscription.Disposable = body.ToSseObservable().Subscribe(_ => { });
        body.GoOn();
        await body.Closed.WaitAsync(hang);

        Assert.That(body.PendingReads, Is.EqualTo(1));
    }

    /// <summary>Calls back right before half an event comes; further reads are pending, and do not heed their cancellation.</summary>
    private sealed class HalfAnEvent(Action arrives) : MemoryStream
    {
        private readonly TaskCompletionSource _goOn = new();
        private readonly TaskCompletionSource<int> _never = new();

        private readonly TaskCompletionSource _closed = new();

        private bool _hasArrived;

        public Task Closed => _closed.Task;

        public int PendingReads { get; private set; }

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _goOn.Task;
            if (buffer.IsEmpty && !_hasArrived)
                return 0;
            if (_hasArrived)
            {
                if (++PendingReads > 1)
                    throw new NotSupportedException("Another read is pending.");
                return await _never.Task;
            }

            _hasArrived = true;
            arrives();
            "data: ha"u8.CopyTo(buffer.Span);
            return 8;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
