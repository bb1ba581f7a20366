using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Http;

/// <summary>Reads a response to its end, whichever way that comes.</summary>
/// <remarks>
/// A read may wait for hours and holds its buffer all the time. Therefore a handler's body is first asked by an empty
/// read, which waits without a buffer, unless the last chunk shows that more is on its way. Other bodies get small
/// reads.
/// </remarks>
internal static class ResponseReader
{
    /// <summary>The largest size of a read. Small enough to stay out of the large object heap.</summary>
    private const int LargestRead = 64 * 1024;

    /// <summary>The size of the first read after a wait: most often it brings one event.</summary>
    private const int SmallRead = 4 * 1024;

    /// <summary>
    /// To an empty read, .NET's handler for HTTP/1.1 answers by filling its own buffer, of 4 KiB with the chunk's head.
    /// A read that gets about as much has emptied that buffer, and says nothing about what the socket has.
    /// </summary>
    private const int HandlerBuffer = 4_000;

    /// <summary>
    /// Pushes the body into <paramref name="feed"/> and says what ended it: the server, the network, a limit, or null
    /// if the feed or the caller's cancellation did. Then the connection may still be open.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="feed">Takes the body.</param>
    /// <param name="idle">Limits how long a read may wait; null without a limit. Disposed of at the end.</param>
    /// <param name="maxEventSize">The limit that the error names if an event is too large.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <remarks>One asynchronous method: each more would allocate with every event of a slow stream.</remarks>
    public static async Task<Exception?> ReadAsync(
        HttpResponseMessage response, ISseFeed feed, IdleTimer? idle, int maxEventSize, CancellationToken cancellation)
    {
        CancellationToken token = idle?.Token ?? cancellation;
        AbandonableReads? reads = new(token);
        byte[]? buffer = null;
        int size = SmallRead;
        bool mayBeIdle = true, isReading = false;
        try
        {
            idle?.BeginWait();
            Stream body = await reads.WaitAsync<Stream>(new(OpenAsync(response, token)))
                .ConfigureAwait(false);
            if (HandlerBody.Is(response.Content, body))
            {
                reads.Dispose();
                reads = null;
            }

            while (true)
            {
                idle?.BeginWait();
                if (mayBeIdle && reads is null)
                    await BeginWait(body, ref buffer, ref size, feed, token).ConfigureAwait(false);
                if (reads is null)
                    Rent(ref buffer, size);
                else
                    buffer ??= new byte[SmallRead];
                isReading = true;
                int count = reads is null
                    ? await BeginRead(body, buffer, size, feed, token).ConfigureAwait(false)
                    : await reads.WaitAsync(BeginRead(body, buffer, size, feed, token)).ConfigureAwait(false);
                isReading = false;
                idle?.EndWait();
                if (count <= 0 || count > size)
                    return EndOrNonsense(count, size);
                SseFeedResult result = feed.Feed(buffer.AsSpan(0, count));
                if (result == SseFeedResult.Stopped || cancellation.IsCancellationRequested)
                    return null;
                if (result == SseFeedResult.TooLarge)
                    return new SseLimitException(maxEventSize);
                if (reads is null)
                    (mayBeIdle, size) = NextRead(buffer.AsSpan(0, count), size, response.Version.Major == 1);
            }
        }
        catch (Exception exception)
        {
            // Left to the collector: a stream that ignores the cancellation may still write to it.
            if (isReading)
                buffer = null;
            return WhatEnded(exception, idle, cancellation);
        }
        finally
        {
            idle?.Dispose();
            reads?.Dispose();
            if (reads is null)
                Return(ref buffer);
        }
    }

    /// <summary>
    /// Opens the body. A handler or a strategy may have returned a response that was disposed of before.
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

    /// <summary>Begins to wait without a buffer, and sets the size of the read that follows.</summary>
    private static ValueTask<int> BeginWait(
        Stream body, ref byte[]? buffer, ref int size, ISseFeed feed, CancellationToken cancellation)
    {
        ValueTask<int> arrival = BeginRead(body, [], 0, feed, cancellation);
        if (!arrival.IsCompleted)
        {
            Return(ref buffer);
            size = SmallRead;
        }

        return arrival;
    }

    /// <summary>Begins a read. If it has to wait, the feed returns the memory that it does not need.</summary>
    private static ValueTask<int> BeginRead(
        Stream body, byte[] buffer, int size, ISseFeed feed, CancellationToken cancellation)
    {
        ValueTask<int> arrival = body.ReadBytesAsync(buffer, 0, size, cancellation);
        if (!arrival.IsCompleted)
            feed.Rest();
        return arrival;
    }

    /// <summary>
    /// Decides, from a chunk and the size of its read, whether the stream may be idle, and how much to read next.
    /// </summary>
    private static (bool MayBeIdle, int Size) NextRead(ReadOnlySpan<byte> chunk, int size, bool isHttp1)
    {
        // A server that falls silent has ended its line, so in the middle of one, more is on its way.
        bool isInLine = chunk[^1] is not ((byte)'\n' or (byte)'\r');
        bool isHandlerEmpty = isHttp1 && chunk.Length is >= HandlerBuffer and <= SmallRead;
        return isInLine && (chunk.Length == size || isHandlerEmpty)
            ? (false, Math.Min(4 * size, LargestRead))
            : (true, size);
    }

    private static Exception EndOrNonsense(int count, int size) => count == 0
        ? new SseEndOfStreamException()
        : new IOException($"The response's stream reported {count} bytes for a read of {size} bytes.");

    private static Exception? WhatEnded(Exception exception, IdleTimer? idle, CancellationToken cancellation)
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
    /// Makes the buffer one of about the size. A new one is cleared, because a stream may report more bytes than it has
    /// written, and these must not be somebody else's.
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
