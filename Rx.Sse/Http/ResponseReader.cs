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

    /// <summary>
    /// To an empty read, .NET's handler for HTTP/1.1 answers by filling a buffer of its own, of 4 KiB with the chunk's
    /// head. A read that then gets about so much has emptied that buffer, and most likely there is more.
    /// </summary>
    private const int HandlerBuffer = 4_000;

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
        bool isFlowing = false;
        try
        {
            while (true)
            {
                int count;
                bool hasWaited = buffer is null;
                int size = hasWaited ? FirstReadSize : ReadSize;
                isFlowing = false;
                idle?.BeginWait();
                try
                {
                    CancellationToken readCancellation = idle?.Token ?? cancellation;
                    stream ??= await response.Content.ReadAsStreamAsync(readCancellation).ConfigureAwait(false);

                    // Waits without a buffer. Not while the stream flows: the answer would only be another, smaller read.
                    if (hasWaited)
                    {
                        ValueTask<int> arrival = stream.ReadBytesAsync([], 0, 0, readCancellation);
                        if (!arrival.IsCompleted)
                            feed.Rest();
                        await arrival.ConfigureAwait(false);
                    }

                    buffer = Rent(buffer, size);
                    count = await stream.ReadBytesAsync(buffer, 0, size, readCancellation).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    // Left to the collector: a stream that ignores the cancellation may still write to it.
                    buffer = null;
                    return WhatEnded(exception, idle, cancellation);
                }

                idle?.EndWait();
                if (count == 0)
                    return new SseEndOfStreamException();
                if (count < 0 || count > size)
                    return new IOException($"The response's stream reported {count} bytes for a read of {size} bytes.");

                SseFeedResult result;
                Interlocked.Exchange(ref _body, stream);
                try
                {
                    result = feed.Feed(buffer.AsSpan(0, count));
                }
                finally
                {
                    isFlowing = Interlocked.Exchange(ref _body, null) is not null;
                    if (!isFlowing)
                        WaitForEnd();
                }

                // The read that ended the body may be pending all the same, and a stream takes no second one.
                if (!isFlowing || cancellation.IsCancellationRequested)
                    return null;

                switch (result)
                {
                    case SseFeedResult.Stopped:
                        return null;
                    case SseFeedResult.TooLarge:
                        return new SseLimitException(maxEventSize);
                }

                bool isMoreToCome = count == size || hasWaited && count >= HandlerBuffer && response.Version.Major == 1;
                if (!isMoreToCome)
                    Return(ref buffer);
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
