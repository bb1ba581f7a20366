using Rx.Sse.Scheduling;

namespace Rx.Sse.Testing.Scripting;

/// <summary>
/// The body of a scripted response. A pending read is completed on the thread that sends, with what was sent in one
/// piece. An empty read waits until there is something to read, as those of sockets do.
/// </summary>
/// <param name="onLeft">Told when the client closes the body, or gives a read up.</param>
internal sealed class ScriptedBody(Action onLeft) : Stream
{
    private readonly Queue<ReadOnlyMemory<byte>> _chunks = [];

    /// <summary>What is left of the chunk that is being read.</summary>
    private ReadOnlyMemory<byte> _current;

    /// <summary>Completed when there is something to read; null while no read is pending.</summary>
    private TaskCompletionSource<bool>? _arrival;

    /// <summary>The server has ended or broken the response: after what is there, no more comes.</summary>
    private bool _hasEnded;

    /// <summary>How it was broken; null for a clean end.</summary>
    private Exception? _error;

    /// <summary>The client has closed the response: it gets nothing more, not even what is there.</summary>
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
            // As in .NET's own handlers: to cancel a pending read is to abort the connection.
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
