using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Rx.Sse.Parsing;

namespace Rx.Sse.Http;

/// <summary>Reads a response to its end, whichever way that comes.</summary>
/// <remarks>
/// A read may wait for hours and holds its buffer all the time. Therefore an empty read, which waits without a buffer,
/// comes first, unless the last read shows that more is to be expected.
/// </remarks>
internal sealed class ResponseReader(TimeProvider time, TimeSpan? idleTimeout, int maxEventSize)
{
    /// <summary>The largest size of a read. Small enough to stay out of the large object heap.</summary>
    private const int LargestRead = 64 * 1024;

    /// <summary>The size of the first read after a wait: most often it brings one event.</summary>
    private const int SmallRead = 4 * 1024;

    /// <summary>The size of a read that looks for more where an empty read might not see it.</summary>
    private const int ProbingRead = 256;

    /// <summary>
    /// To an empty read, .NET's handler for HTTP/1.1 answers by filling its own buffer, of 4 KiB with the chunk's head.
    /// A read that gets about as much has emptied that buffer, and says nothing about what the socket has.
    /// </summary>
    private const int HandlerBuffer = 4_000;

    /// <summary>
    /// The body while the feed works on a part of it. Either this takes it back then, or <see cref="Abort"/> has taken
    /// it, and ends it.
    /// </summary>
    private Stream? _body;

    /// <summary>It has done so: before, nothing else may be done with the body.</summary>
    private volatile bool _isEnded;

    /// <summary>
    /// Pushes the body into <paramref name="feed"/> and says what ended it: the server, the network, a limit, or null
    /// if the feed or the caller's cancellation did.
    /// </summary>
    /// <remarks>One asynchronous method: each more would allocate with every event of a slow stream.</remarks>
    public async Task<Exception?> ReadAsync(HttpResponseMessage response, ISseFeed feed, CancellationToken cancellation)
    {
        using IdleTimer? idle = idleTimeout is { } timeout ? new IdleTimer(time, timeout, cancellation) : null;
        Stream? stream = null;
        byte[]? buffer = null;
        int size = SmallRead;
        var emptyReads = EmptyReads.Untried;
        bool mayBeIdle = true, isReading = false, isFlowing = false;
        try
        {
            while (true)
            {
                int count;
                isReading = isFlowing = false;
                idle?.BeginWait();
                try
                {
                    CancellationToken token = idle?.Token ?? cancellation;
                    stream ??= await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                    try
                    {
                        if (mayBeIdle)
                            await BeginWait(stream, ref buffer, ref size, ref emptyReads, feed, token)
                                .ConfigureAwait(false);
                    }
                    catch (Exception exception) when (IsRefusal(exception))
                    {
                        emptyReads = EmptyReads.Refused;
                    }

                    Rent(ref buffer, size);
                    isReading = true;
                    count = await BeginRead(stream, buffer, size, feed, token).ConfigureAwait(false);
                }
                catch (Exception exception)
                {
                    // Left to the collector: a stream that ignores the cancellation may still write to it.
                    if (isReading)
                        buffer = null;
                    return WhatEnded(exception, idle, cancellation);
                }

                idle?.EndWait();
                if (count <= 0 || count > size)
                    return EndOrNonsense(count, size);
                SseFeedResult result = Feed(feed, buffer.AsSpan(0, count), stream, out isFlowing);
                if (!isFlowing || cancellation.IsCancellationRequested || result == SseFeedResult.Stopped)
                    return null;
                if (result == SseFeedResult.TooLarge)
                    return new SseLimitException(maxEventSize);
                (mayBeIdle, size) = NextRead(buffer.AsSpan(0, count), size, response.Version.Major == 1);
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
    /// Closes the connection if the feed is at work, because then nobody waits for a read that the caller's
    /// cancellation could end. To be called once nothing more is to be delivered, and before that cancellation.
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

    /// <summary>Begins to wait without a buffer, if the body can, and sets the size of the read that follows.</summary>
    private static ValueTask<int> BeginWait(
        Stream stream,
        ref byte[]? buffer,
        ref int size,
        ref EmptyReads emptyReads,
        ISseFeed feed,
        CancellationToken cancellation)
    {
        int lastSize = size;
        size = SmallRead;
        if (emptyReads == EmptyReads.Refused)
            return default;

        ValueTask<int> arrival = BeginRead(stream, [], 0, feed, cancellation);
        if (!arrival.IsCompleted)
        {
            emptyReads = EmptyReads.Wait;
            Return(ref buffer);
        }
        else if (emptyReads == EmptyReads.Wait)
        {
            // The bytes are there already, so the next read does not wait.
            size = Math.Max(lastSize, SmallRead);
        }

        return arrival;
    }

    /// <summary>Begins a read. If it has to wait, the feed returns the memory that it does not need.</summary>
    private static ValueTask<int> BeginRead(
        Stream stream, byte[] buffer, int size, ISseFeed feed, CancellationToken cancellation)
    {
        ValueTask<int> arrival = stream.ReadBytesAsync(buffer, 0, size, cancellation);
        if (!arrival.IsCompleted)
            feed.Rest();
        return arrival;
    }

    /// <summary>
    /// Whether a body refuses empty reads. If it has failed instead, the ordinary read that follows fails, too.
    /// </summary>
    private static bool IsRefusal(Exception exception) =>
        exception is ArgumentException or NotSupportedException or InvalidOperationException;

    /// <summary>
    /// Decides, from a chunk and the size of its read, whether the stream may be idle, and how much to read next.
    /// </summary>
    private static (bool MayBeIdle, int Size) NextRead(ReadOnlySpan<byte> chunk, int size, bool isHttp1)
    {
        // A server that falls silent has ended its line, so in the middle of one, more is on its way.
        bool isInLine = chunk[^1] is not ((byte)'\n' or (byte)'\r');
        bool isHandlerEmpty = isHttp1 && chunk.Length is >= HandlerBuffer and <= SmallRead;
        if (isInLine && (chunk.Length == size || isHandlerEmpty))
            return (false, Math.Min(4 * size, LargestRead));

        // A body that decompresses may have more bytes that it does not report to an empty read.
        if (chunk.Length == size)
            return (false, size == ProbingRead ? SmallRead : ProbingRead);
        return (true, size);
    }

    /// <summary>Pushes a chunk into the feed.</summary>
    /// <param name="feed">The feed.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="body">The body that the chunk comes from.</param>
    /// <param name="isFlowing">
    /// False if <see cref="Abort"/> has ended the body meanwhile. The read that ended it may still be pending, and a
    /// stream takes no second one.
    /// </param>
    private SseFeedResult Feed(ISseFeed feed, ReadOnlySpan<byte> chunk, Stream body, out bool isFlowing)
    {
        isFlowing = true;
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

    /// <summary>
    /// What a body has registered on its token and throws there must not replace the error that ends the stream.
    /// </summary>
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

    /// <summary>
    /// For no longer than a few reads take that don't wait. Never where there is only one thread: that has ended it
    /// already.
    /// </summary>
    private void WaitForEnd()
    {
        var wait = default(SpinWait);
        while (!_isEnded)
            wait.SpinOnce();
    }

    private static Exception EndOrNonsense(int count, int size) => count == 0
        ? new SseEndOfStreamException()
        : new IOException($"The response's stream reported {count} bytes for a read of {size} bytes.");

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

    /// <summary>What a body does with empty reads.</summary>
    private enum EmptyReads
    {
        /// <summary>None has had to wait yet. The body may answer all of them at once, with or without bytes.</summary>
        Untried,

        /// <summary>They wait until there are bytes.</summary>
        Wait,

        /// <summary>They fail.</summary>
        Refused,
    }
}
