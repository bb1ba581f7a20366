using System.Buffers;
using Rx.Sse.Parsing;

namespace Rx.Sse.Http;

/// <summary>Reads a response to its end, whichever way that comes.</summary>
internal sealed class ResponseReader(TimeProvider time, TimeSpan? idleTimeout, int maxEventSize)
{
    /// <summary>The bytes of a read while the stream flows. Small enough to stay out of the large object heap.</summary>
    private const int ReadSize = 64 * 1024;

    /// <summary>The bytes of the first read after a wait: most often it brings one event.</summary>
    private const int FirstReadSize = 4 * 1024;

    /// <summary>The body while the feed works on a part of it. Either this takes it back then, or <see cref="Abort"/> has taken it, and ends it.</summary>
    private Stream? _body;

    /// <summary>It has done so: before, nothing else may be done with the body.</summary>
    private volatile bool _isEnded;

    /// <summary>
    /// Pushes the body into <paramref name="feed"/> and says what ended it: the server, the network, a limit, or null
    /// if the feed or the caller's cancellation did.
    /// </summary>
    public async Task<Exception?> ReadAsync(HttpResponseMessage response, ISseFeed feed, CancellationToken cancellation)
    {
        using IdleTimer? idle = idleTimeout is { } timeout ? new IdleTimer(time, timeout, cancellation) : null;
        byte[]? buffer = null;
        Stream? stream = null;
        bool hasWaited = false, isFlowing = false;
        try
        {
            while (true)
            {
                int count, size;
                isFlowing = false;
                idle?.BeginWait();
                try
                {
                    CancellationToken readCancellation = idle?.Token ?? cancellation;
                    stream ??= await response.Content.ReadAsStreamAsync(readCancellation).ConfigureAwait(false);

                    // Only an empty read may have to wait, so an idle stream holds no buffer, whatever came before.
                    ValueTask<int> arrival = stream.ReadBytesAsync([], 0, 0, readCancellation);
                    bool isThere = arrival.IsCompleted;
                    if (!isThere)
                    {
                        hasWaited = true;
                        Return(ref buffer);
                        feed.Rest();
                    }

                    await arrival.ConfigureAwait(false);
                    // Some bodies answer an empty read at once although nothing is there: they get no large buffer.
                    size = isThere && hasWaited ? ReadSize : FirstReadSize;
                    byte[] lent = Rent(buffer, size);
                    // Left to the collector if the read fails: a stream that ignores the token may still write to it.
                    buffer = null;
                    count = await stream.ReadBytesAsync(lent, 0, size, readCancellation).ConfigureAwait(false);
                    buffer = lent;
                }
                catch (Exception exception)
                {
                    return WhatEnded(exception, idle, cancellation);
                }
                idle?.EndWait();
                if (count == 0)
                    return new SseEndOfStreamException();
                if (count < 0 || count > size)
                    return new IOException($"The response's stream reported {count} bytes for a read of {size} bytes.");

                SseFeedResult result = Feed(feed, buffer.AsSpan(0, count), stream, out isFlowing);
                bool isOver = !isFlowing || cancellation.IsCancellationRequested;
                if (isOver || result != SseFeedResult.NeedsMore)
                    return isOver || result == SseFeedResult.Stopped ? null : new SseLimitException(maxEventSize);
            }
        }
        finally
        {
            Return(ref buffer);
            if (isFlowing)
                AbortQuietly(stream!);
        }
    }

    /// <summary>
    /// Closes the connection if the feed is at work, for then nobody waits for a read that the caller's cancellation could end.
    /// To be called once nothing more is to be delivered, and before that cancellation.
    /// </summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _body, null) is not { } body)
            return;
        try
        {
            StreamAbort.Abort(body);
        }
        finally
        {
            _isEnded = true;
        }
    }

    /// <summary>Pushes a chunk into the feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="body">The body that it comes from.</param>
    /// <param name="isFlowing">
    /// False if <see cref="Abort"/> has ended the body meanwhile. The read that ended it may be pending, and a
    /// stream takes no second one.
    /// </param>
    private SseFeedResult Feed(ISseFeed feed, ReadOnlySpan<byte> chunk, Stream body, out bool isFlowing)
    {
        Interlocked.Exchange(ref _body, body);
        try
        {
            return feed.Feed(chunk);
        }
        finally
        {
            isFlowing = Interlocked.Exchange(ref _body, null) is not null;
            if (!isFlowing)
                WaitForEnd();
        }
    }

    /// <summary>What a body has registered on its token and throws there must not replace the error that ends the stream.</summary>
    private static void AbortQuietly(Stream stream)
    {
        try
        {
            StreamAbort.Abort(stream);
        }
        catch (AggregateException)
        {
            // The read has been cancelled all the same.
        }
    }

    /// <summary>For no longer than a few reads take that don't wait. Never where there is only one thread: that has ended it already.</summary>
    private void WaitForEnd()
    {
        var wait = default(SpinWait);
        while (!_isEnded)
            wait.SpinOnce();
    }

    private Exception? WhatEnded(Exception exception, IdleTimer? idle, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return null;
        if (idle is { HasExpired: true })
            return new SseIdleTimeoutException(idleTimeout!.Value);
        return exception is IOException or HttpRequestException or OutOfMemoryException
            ? exception
            : new IOException("The response broke off.", exception);
    }

    /// <summary>
    /// An array that has the size. A new one is cleared, because a stream may report more bytes than it has written, and these must not
    /// be somebody else's.
    /// </summary>
    private static byte[] Rent(byte[]? buffer, int size)
    {
        if (buffer?.Length >= size)
            return buffer;
        Return(ref buffer);
        buffer = ArrayPool<byte>.Shared.Rent(size);
        Array.Clear(buffer, 0, buffer.Length);
        return buffer;
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }
}
