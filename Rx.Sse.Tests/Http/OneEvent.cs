namespace Rx.Sse.Tests.Http;

/// <summary>A body that has one event, once it is told to go on. The read after it is pending until it is cancelled.</summary>
/// <param name="reads">Called by that read before it is pending, with its token.</param>
internal sealed class OneEvent(Action<OneEvent, CancellationToken> reads) : MemoryStream
{
    private readonly TaskCompletionSource _goOn = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _hasArrived;

    public Task Closed => _closed.Task;

    public void GoOn() => _goOn.SetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _goOn.Task;
        if (_hasArrived)
        {
            reads(this, cancellationToken);
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
