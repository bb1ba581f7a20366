namespace Rx.Sse.Testing.Recording;

/// <summary>
/// The body of a response. Passes on the data of the inner body, and records the bytes when a read returns them, and
/// how the body ends.
/// </summary>
internal sealed class RecordedBody(Stream inner, ConnectionRecorder recorder) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read;
        try
        {
            read = inner.Read(buffer, offset, count);
        }
        catch (Exception exception)
        {
            Fail(exception, default);
            throw;
        }

        Record(buffer.AsSpan(offset, read), count);
        return read;
    }

    public override async Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read;
        try
        {
#pragma warning disable CA1835 // The inner body may have this overload only.
            read = await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA1835
        }
        catch (Exception exception)
        {
            Fail(exception, cancellationToken);
            throw;
        }

        Record(buffer.AsSpan(offset, read), count);
        return read;
    }

#if NET
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Fail(exception, cancellationToken);
            throw;
        }

        Record(buffer.Span[..read], buffer.Length);
        return read;
    }
#endif

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            recorder.Leave();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Record(ReadOnlySpan<byte> bytes, int capacity)
    {
        if (bytes.Length > 0)
            recorder.Bytes(bytes.ToArray());
        else if (capacity > 0)
            recorder.End();
    }

    /// <summary>
    /// Records the failure of a read. Does nothing if the client has cancelled the read, because it may then continue
    /// to read, or dispose of the body.
    /// </summary>
    private void Fail(Exception exception, CancellationToken cancellation)
    {
        if (!cancellation.IsCancellationRequested)
            recorder.Fail(exception);
    }
}
