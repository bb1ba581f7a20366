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
    public async Task ReadAsync_DisposedByAnotherThreadWhileTheObserverWorks_ClosesTheBodyAfterTheReadThatEndsIt(CancellationToken hang)
    {
        var body = new OneEvent();
        var subscription = new SingleAssignmentDisposable();
        Task disposal = Task.CompletedTask;

        subscription.Disposable = body.ToSseObservable().Subscribe(_ =>
        {
            disposal = Task.Run(subscription.Dispose);
            body.Ends.Wait(hang);
        });
        body.GoOn();
        await body.Closed.WaitAsync(hang);
        await disposal;

        Assert.That(body.Ends.IsCompleted);
        Assert.That(body.WasClosedWhileItEnded, Is.False);
    }

    /// <summary>Has one event; the read after it takes its time before it is pending, or until the stream is closed.</summary>
    private sealed class OneEvent : MemoryStream
    {
        private readonly TaskCompletionSource _goOn = new();
        private readonly TaskCompletionSource _ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private bool _hasArrived;

        public Task Ends => _ends.Task;

        public Task Closed => _closed.Task;

        public bool WasClosedWhileItEnded { get; private set; }

        public void GoOn() => _goOn.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _goOn.Task;
            if (_hasArrived)
            {
                _ends.SetResult();
                WasClosedWhileItEnded = _closed.Task.Wait(100, CancellationToken.None);
                return await new TaskCompletionSource<int>().Task.WaitAsync(cancellationToken);
            }

            if (buffer.IsEmpty)
                return 0;
            _hasArrived = true;
            "data: a\n\n"u8.CopyTo(buffer.Span);
            return 9;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult();
            base.Dispose(disposing);
        }
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
