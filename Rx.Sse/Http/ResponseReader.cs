using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Http;

/// <summary>Reads the body of a response to its end, and passes each chunk on.</summary>
/// <remarks>
/// A read may wait for hours, and holds its buffer for that time. Therefore the body of .NET's own handler is first
/// read with an empty buffer: such a read returns when bytes have arrived. It is left out if the last chunk shows that
/// more bytes follow. The body of any other handler is read in small chunks.
/// </remarks>
internal static class ResponseReader
{
    /// <summary>The maximum size of a read. It keeps the buffer out of the large object heap.</summary>
    private const int LargestRead = 64 * 1024;

    /// <summary>The size of the first read after a wait, which usually returns one event.</summary>
    private const int SmallRead = 4 * 1024;

    /// <summary>
    /// An empty read makes .NET's HTTP/1.1 handler fill its internal buffer, which has 4 KiB less the chunk header. A
    /// read that returns at least this many bytes has emptied the buffer, and the socket may have more.
    /// </summary>
    private const int HandlerBuffer = 4_000;

    /// <summary>
    /// Passes the body to <paramref name="sink"/>, on the thread that has completed each read.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="sink">Receives the body.</param>
    /// <param name="idle">Limits the time that a read may wait; null for no limit. Disposed at the end.</param>
    /// <param name="maxEventSize">The limit to report if an event is too large.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>
    /// Why the body has ended: by the server, the network or a limit. Null if the sink or the token has stopped the
    /// reading; the connection may still be open then.
    /// </returns>
    /// <remarks>One asynchronous method, because each further one would allocate for every event of a slow stream.
    /// </remarks>
    public static async Task<Exception?> ReadAsync(
        HttpResponseMessage response, IBodySink sink, IdleTimer? idle, int maxEventSize, CancellationToken cancellation)
    {
        CancellationToken token = idle?.Token ?? cancellation;
        AbandonableReads? guardedReads = new(token); // Null from when the body is known to be that of .NET's handler.
        byte[]? buffer = null;
        int size = SmallRead;
        bool mayBeIdle = true, isReading = false;
        try
        {
            idle?.BeginWait();
            Stream body = await guardedReads.WaitAsync<Stream>(new(OpenAsync(response, token)))
                .ConfigureAwait(false);
            if (HandlerBody.Is(response.Content, body))
            {
                guardedReads.Dispose();
                guardedReads = null;
            }

            while (true)
            {
                idle?.BeginWait();
                if (mayBeIdle && guardedReads is null)
                    await BeginWait(body, ref buffer, ref size, sink, token).ConfigureAwait(false);
                if (guardedReads is null)
                    Rent(ref buffer, size);
                else
                    buffer ??= new byte[SmallRead];
                isReading = true;
                int count = guardedReads is null
                    ? await BeginRead(body, buffer, size, sink, token).ConfigureAwait(false)
                    : await guardedReads.WaitAsync(BeginRead(body, buffer, size, sink, token)).ConfigureAwait(false);
                isReading = false;
                idle?.EndWait();
                if (count <= 0 || count > size)
                    return ErrorOfCount(count, size);
                SseFeedResult result = sink.Receive(buffer.AsSpan(0, count));
                if (result == SseFeedResult.Stopped || cancellation.IsCancellationRequested)
                    return null;
                if (result == SseFeedResult.TooLarge)
                    return new SseLimitException(maxEventSize);
                if (guardedReads is null)
                    (mayBeIdle, size) = NextRead(buffer.AsSpan(0, count), size, response.Version.Major == 1);
            }
        }
        catch (Exception exception)
        {
            // Not returned to the pool, because a stream that ignores the cancellation may still write to it.
            if (isReading)
                buffer = null;
            return ErrorOf(exception, idle, cancellation);
        }
        finally
        {
            idle?.Dispose();
            guardedReads?.Dispose();
            if (guardedReads is null)
                Return(ref buffer);
        }
    }

    /// <summary>
    /// Opens the body. Fails if a handler or a strategy has returned a response that was disposed before.
    /// </summary>
    private static Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return response.Content.ReadAsStreamAsync(cancellation);
        }
        catch (ObjectDisposedException exception)
        {
            throw new SseRequestException("The handler returned a response that has been disposed of.", exception);
        }
    }

    /// <summary>
    /// Starts an empty read. If it has to wait, returns the buffer and sets the size of the next read.
    /// </summary>
    private static ValueTask<int> BeginWait(
        Stream body, ref byte[]? buffer, ref int size, IBodySink sink, CancellationToken cancellation)
    {
        ValueTask<int> arrival = BeginRead(body, [], 0, sink, cancellation);
        if (!arrival.IsCompleted)
        {
            Return(ref buffer);
            size = SmallRead;
        }

        return arrival;
    }

    /// <summary>Starts a read. If it has to wait, the sink returns the memory that it does not need.</summary>
    private static ValueTask<int> BeginRead(
        Stream body, byte[] buffer, int size, IBodySink sink, CancellationToken cancellation)
    {
        ValueTask<int> arrival = body.ReadBytesAsync(buffer, 0, size, cancellation);
        if (!arrival.IsCompleted)
            sink.TrimMemory();
        return arrival;
    }

    /// <summary>
    /// Decides whether the next read may have to wait, and its size, from the last chunk and the size of its read.
    /// </summary>
    private static (bool MayBeIdle, int Size) NextRead(ReadOnlySpan<byte> chunk, int size, bool isHttp1)
    {
        // A server pauses between lines. In the middle of a line, more bytes follow soon.
        bool isInLine = chunk[^1] is not ((byte)'\n' or (byte)'\r');
        bool isHandlerEmpty = isHttp1 && chunk.Length is >= HandlerBuffer and <= SmallRead;
        return isInLine && (chunk.Length == size || isHandlerEmpty)
            ? (false, Math.Min(4 * size, LargestRead))
            : (true, size);
    }

    private static Exception ErrorOfCount(int count, int size) => count == 0
        ? new SseEndOfStreamException()
        : new IOException($"The response's stream reported {count} bytes for a read of {size} bytes.");

    private static Exception? ErrorOf(Exception exception, IdleTimer? idle, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return null;
        if (idle is { HasExpired: true })
            return new SseIdleTimeoutException(idle.Duration);
        return exception is IOException or HttpRequestException or OutOfMemoryException or SseRequestException
            ? exception
            : new IOException("The response broke off.", exception);
    }

    /// <summary>
    /// Rents a buffer of about the size, unless there is one. It is cleared, because a stream may report more bytes
    /// than it has written, and the array may contain data of other code.
    /// </summary>
    private static void Rent([NotNull] ref byte[]? buffer, int size)
    {
        if (buffer?.Length >= size && buffer.Length < 2 * size)
            return;
        Return(ref buffer);
        buffer = ArrayPool<byte>.Shared.Rent(size);
        Array.Clear(buffer, 0, buffer.Length);
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }
}
