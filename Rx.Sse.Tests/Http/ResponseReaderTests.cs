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
        await Task.WhenAll(body.IsPending, body.Closed).WaitAsync(hang);

        Assert.That(body.PendingReads, Is.EqualTo(1));
    }

    /// <summary>The handler's streams are not made for that: the connection could be used again while it is still being read.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task ReadAsync_DisposedWhileTheObserverWorks_ClosesTheBodyAfterTheLastRead(CancellationToken hang)
    {
        var ends = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wasClosedWhileItEnded = false;
        var body = new OneEvent((body, _) =>
        {
            ends.SetResult();
            wasClosedWhileItEnded = body.Closed.Wait(100, CancellationToken.None);
        });
        var subscription = new SingleAssignmentDisposable();
        Task disposal = Task.CompletedTask;

        subscription.Disposable = body.ToSseObservable().Subscribe(_ =>
        {
            disposal = Task.Run(subscription.Dispose);
            ends.Task.Wait(hang);
        });
        body.GoOn();
        await body.Closed.WaitAsync(hang);
        await disposal;

        Assert.That(ends.Task.IsCompleted);
        Assert.That(wasClosedWhileItEnded, Is.False);
    }

    /// <summary>Calls back right before half an event comes; further reads are pending, and do not heed their cancellation.</summary>
    private sealed class HalfAnEvent(Action arrives) : MemoryStream
    {
        private readonly TaskCompletionSource _goOn = new();
        private readonly TaskCompletionSource<int> _never = new();

        private readonly TaskCompletionSource _isPending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private bool _hasArrived;

        /// <summary>A further read has begun. On older frameworks it may be after the stream has been closed, for that is how a read is cancelled there.</summary>
        public Task IsPending => _isPending.Task;

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
                _isPending.SetResult();
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
