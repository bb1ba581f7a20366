using System.Net.Sockets;
using Rx.Sse.Tests.Golden;

namespace Rx.Sse.Tests.Integration.Golden;

/// <summary>
/// The client's end of a connection, for .NET's handler. A read waits until the run calls <see cref="Pump"/>, which
/// reads from the socket and continues inline, on the run's thread.
/// </summary>
internal sealed class PumpedStream(Socket socket, Action changed, Action disposed) : Stream
{
    private readonly NetworkStream _network = new(socket, ownsSocket: true)
    {
        ReadTimeout = (int)SocketRun.HangGuard.TotalMilliseconds,
    };

    private readonly Lock _lock = new();

    /// <summary>The pending read; null if there is none.</summary>
    private TaskCompletionSource<int>? _read;

    private Memory<byte> _buffer;
    private bool _isDisposed;

    public bool IsReading
    {
        get
        {
            lock (_lock)
                return _read is not null;
        }
    }

    public bool IsDisposed
    {
        get
        {
            lock (_lock)
                return _isDisposed;
        }
    }

    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Completes the pending read with the bytes that the server has sent, or with the way in which it has ended the
    /// connection. Call this only when data or the end have arrived.
    /// </summary>
    public void Pump()
    {
        TaskCompletionSource<int>? read;
        Memory<byte> buffer;
        lock (_lock)
        {
            (read, buffer) = (_read, _buffer);
            _read = null;
        }

        int count = 0;
        try
        {
            // A zero-byte read only waits until data are available.
            if (buffer.Length > 0)
                count = _network.Read(buffer.Span);
        }
        catch (IOException exception)
        {
            read?.TrySetException(exception);
            return;
        }

        // Counted before the library continues, because it may start the next read at once.
        BytesRead += count;
        read?.TrySetResult(count);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource<int> read;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _read = read = new TaskCompletionSource<int>();
            _buffer = buffer;
        }

        changed();
        return new ValueTask<int>(read.Task);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _network.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _network.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => _network.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => _network.Write(buffer, offset, count);

    public override void Flush() => _network.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        TaskCompletionSource<int>? read;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            read = _read;
            _read = null;
        }

        _network.Dispose();
        disposed();
        read?.TrySetException(
            new IOException("The connection was closed.", new SocketException((int)SocketError.OperationAborted)));
        changed();
        base.Dispose(disposing);
    }
}
