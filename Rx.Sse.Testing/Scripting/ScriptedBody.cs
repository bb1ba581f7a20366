using Rx.Sse.Scheduling;

namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// The body of a scripted response. A pending read completes on the thread that sends, with the bytes of one send. A
/// zero-byte read waits until data are available, as with sockets.
/// </summary>
/// <param name="onLeft">Called when the client closes the body or cancels a read.</param>
internal sealed class ScriptedBody(Action onLeft) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _chunks = [];

    /// <summary>The rest of the chunk that is being read.</summary>
    private ReadOnlyMemory<byte> _current;

    /// <summary>Completes when there is something to read; null if no read is pending.</summary>
    private TaskCompletionSource<bool>? _arrival;

    /// <summary>Whether the server has ended or broken the response, so that no more data arrive.</summary>
    private bool _hasEnded;

    /// <summary>The error with which the response was broken; null if it ended normally.</summary>
    private Exception? _error;

    /// <summary>
    /// Whether the client has closed the response. If so, it cannot read even the data that have arrived.
    /// </summary>
    private bool _isClosed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Send(ReadOnlyMemory<byte> chunk)
    {
        if (_isClosed)
            return;
        _chunks.Enqueue(chunk);
        Announce();
    }

    public void End(Exception? error)
    {
        (_hasEnded, _error) = (true, error);
        Announce();
    }

#if NET
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(ReadChunkAsync(buffer, cancellationToken));
#endif

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadChunkAsync(buffer.AsMemory(offset, count), cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException(
            "A scripted response can only be read asynchronously: waiting would stop the virtual time it waits for.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        Leave();
        base.Dispose(disposing);
    }

    private async Task<int> ReadChunkAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        while (_current.IsEmpty && _chunks.Count == 0 && !_hasEnded && !_isClosed)
            await WaitAsync(cancellation).ConfigureAwait(false);

        if (_isClosed)
            throw new ObjectDisposedException(nameof(ScriptedBody), "The client has closed the response.");
        if (_current.IsEmpty && _chunks.Count > 0)
            _current = _chunks.Dequeue();
        if (_current.IsEmpty && _error is not null)
            throw _error;

        int count = Math.Min(buffer.Length, _current.Length);
        _current[..count].CopyTo(buffer);
        _current = _current[count..];
        return count;
    }

    private async Task WaitAsync(CancellationToken cancellation)
    {
        if (_arrival is not null)
            throw new InvalidOperationException("A response is read by one reader at a time.");
        var arrival = _arrival = new TaskCompletionSource<bool>();
        using (cancellation.Register(GiveUp))
            await arrival.Task.ConfigureAwait(false);

        void GiveUp()
        {
            // As in .NET's own handlers, cancelling a pending read aborts the connection.
            _arrival = null;
            Leave();
            using (NoSynchronizationContext.Enter())
                arrival.TrySetCanceled(cancellation);
        }
    }

    private void Announce()
    {
        TaskCompletionSource<bool>? arrival = _arrival;
        _arrival = null;
        using (NoSynchronizationContext.Enter())
            arrival?.TrySetResult(true);
    }

    private void Leave()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        onLeft();
        Announce();
    }
}
