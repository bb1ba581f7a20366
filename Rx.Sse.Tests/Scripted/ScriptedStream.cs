namespace Rx.Sse.Tests.Scripted;

/// <summary>
/// The body of a scripted response. A pending read is completed by whoever sends, on that thread. An empty read waits
/// until there is something to read, as those of sockets do.
/// </summary>
internal sealed class ScriptedStream(Action<ScriptedStream> closed, Action<int>? onWaiting = null) : Stream
{
    private readonly Queue<byte> _bytes = [];
    private bool _hasEnded;
    private bool _isClosed;
    private Exception? _error;
    private TaskCompletionSource? _arrival;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void Send(byte[] bytes)
    {
        foreach (byte value in bytes)
            _bytes.Enqueue(value);
        Announce();
    }

    public void End(Exception? error)
    {
        _hasEnded = true;
        _error = error;
        Announce();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_bytes.Count == 0 && !_hasEnded)
        {
            var arrival = new TaskCompletionSource();
            _arrival = arrival;
            onWaiting?.Invoke(buffer.Length);
            using (cancellationToken.Register(() => arrival.TrySetCanceled(cancellationToken)))
                await arrival.Task;
        }

        if (_bytes.Count == 0 && _error is not null)
            throw _error;

        int count = Math.Min(buffer.Length, _bytes.Count);
        for (int i = 0; i < count; i++)
            buffer.Span[i] = _bytes.Dequeue();
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_isClosed)
            closed(this);
        _isClosed = true;
        base.Dispose(disposing);
    }

    private void Announce()
    {
        TaskCompletionSource? arrival = _arrival;
        _arrival = null;
        arrival?.TrySetResult();
    }
}
