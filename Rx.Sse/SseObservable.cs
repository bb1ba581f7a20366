using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Sse.Internal;

namespace Rx.Sse;

/// <summary>
/// Server-Sent Events as observables. From C# 14 on, <c>FromSse</c> is also a member of Rx's
/// <see cref="Observable"/>: <c>Observable.FromSse(client, url)</c>; from older compilers it is
/// <c>SseObservable.FromSse(client, url)</c>.
/// </summary>
public static class SseObservable
{
    extension(Observable)
    {
        /// <summary>
        /// The events of an event stream, across reconnects. Cold: every subscription opens a connection of its own,
        /// and keeps its own last event ID and reconnection time. <c>Publish().RefCount()</c> shares one.
        /// </summary>
        /// <remarks>
        /// <para><b>Order and threads.</b> Subscribing sends the request at once and does not wait. Events come one at
        /// a time, synchronously, on the thread that read them: while an observer works, nothing is read and nothing is
        /// queued, and a slow observer in the end slows the server down.</para>
        /// <para><b>Reconnecting.</b> After a failure the stream waits and connects again, with the ID of the last
        /// event in <c>Last-Event-ID</c>, as <see cref="SseOptions.Reconnection"/> says. A block that the failure cut
        /// off is dropped, its ID with it, so that the server sends it again.</para>
        /// <para><b>Completes</b> when the server answers 204 (WHATWG HTML, section 9.2.3), and where
        /// <see cref="SseOptions.EndOfStream"/> or the policy says that the end of the response is the end.</para>
        /// <para><b>Fails</b>, always with an <see cref="SseException"/>, once the policy gives up: with
        /// <see cref="SseResponseException"/>, <see cref="SseConnectionException"/>, <see cref="SseIdleTimeoutException"/>
        /// or <see cref="SseEndOfStreamException"/>; and at once with <see cref="SseLimitException"/> or
        /// <see cref="SseRequestException"/>. What was received before has been delivered.</para>
        /// <para><b>Dispose</b> cancels the request, the read or the wait, and closes the connection. It may be called
        /// from any thread and within <c>OnNext</c>; nothing is delivered after it, no error either.</para>
        /// <para><b>An observer that throws</b> ends its subscription. The exception is thrown by the scheduler, as
        /// with Rx's own asynchronous sources; it never counts as a failure of the connection.</para>
        /// </remarks>
        /// <param name="client">
        /// The client that sends the requests; never disposed of here. Its <see cref="HttpClient.Timeout"/> limits the
        /// time until the response headers, not the stream.
        /// </param>
        /// <param name="request">An address, as <see cref="string"/> or <see cref="Uri"/>, or any other request.</param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">
        /// The clock of all delays and timeouts. With a virtual-time scheduler, and a handler that answers on its
        /// thread, everything happens on that thread. Default: <see cref="DefaultScheduler"/>.
        /// </param>
        /// <returns>The cold observable.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="request"/> is null.</exception>
        /// <exception cref="ArgumentException">The address is relative and the client has no base address.</exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">A strategy's option is out of range (Polly).</exception>
        public static IObservable<SseEvent> FromSse(
            HttpClient client,
            SseRequest request,
            SseOptions? options = null,
            IScheduler? scheduler = null)
        {
            SseStream stream = NewStream(client, request, options, scheduler);
            return new StreamObservable<SseEvent>(
                stream,
                observer => new EventDecoder(observer, stream.Options.LastEventId, stream.Options.MaxEventSize));
        }
    }

    /// <summary>
    /// Parses the bytes of an event stream, however they are cut, into its events (WHATWG HTML, section 9.2.6). The
    /// source is one stream: nothing is reconnected.
    /// </summary>
    /// <remarks>
    /// As cold or hot as the source, and on its thread: an event is delivered during the call that brings its last
    /// byte. A chunk is only looked at during that call. Completes and fails as the source does; a block that is
    /// unfinished by then is dropped. Fails with <see cref="SseLimitException"/> when an event is too large.
    /// </remarks>
    /// <param name="source">The body of the stream, in chunks of any size.</param>
    /// <param name="maxEventSize">See <see cref="SseOptions.MaxEventSize"/>. In bytes, at least 1; default: 16 MiB.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxEventSize"/> is less than 1.</exception>
    public static IObservable<SseEvent> ParseSse(
        this IObservable<ReadOnlyMemory<byte>> source,
        int maxEventSize = SseOptions.DefaultMaxEventSize)
    {
        Throw.IfNull(source);
        SseOptions.CheckMaxEventSize(maxEventSize, nameof(maxEventSize));
        return new ParseObservable<SseEvent>(source, observer => new EventDecoder(observer, "", maxEventSize), maxEventSize);
    }

    private static SseStream NewStream(HttpClient client, SseRequest request, SseOptions? options, IScheduler? scheduler)
    {
        Throw.IfNull(client);
        Throw.IfNull(request);
        if (request.Address is { } address && SseRequest.IsRelative(address) && client.BaseAddress is null)
            throw new ArgumentException($"The address '{address}' is relative, and the client has no base address.", nameof(request));
        return new SseStream(client, request, options ?? SseOptions.Default, scheduler ?? DefaultScheduler.Instance);
    }
}
