using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Rx.Sse.Streams;

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
        /// from any thread and within <c>OnNext</c>; nothing is delivered after it, no error either. It does not wait: a
        /// notification that another thread is delivering at that moment runs to its end, and is the last.</para>
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
        /// <exception cref="ArgumentException">
        /// The address is relative and the client has no base address, or the scheduler is
        /// <see cref="ImmediateScheduler"/> or <see cref="CurrentThreadScheduler"/>, which would block.
        /// </exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// An option of a strategy that <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds is out of range (Polly).
        /// </exception>
        public static IObservable<SseEvent> FromSse(
            HttpClient client,
            SseRequest request,
            SseOptions? options = null,
            IScheduler? scheduler = null) =>
            NewStream<SseEvent>(client, request, options, scheduler, NewEventSink);

        /// <summary>
        /// The same stream, with what <paramref name="selector"/> makes of each event's bytes. No string is made unless
        /// the selector makes one: this is how JSON is read without a detour.
        /// </summary>
        /// <remarks>
        /// All that is said of <see cref="FromSse(HttpClient, SseRequest, SseOptions?, IScheduler?)"/> holds. In
        /// addition, a selector that throws ends the stream with what it threw, as it is, and without a reconnect;
        /// see <see cref="SseSelector{T}"/> for how to let a bad event pass instead.
        /// </remarks>
        /// <typeparam name="T">What becomes of an event.</typeparam>
        /// <param name="client">See the other overload.</param>
        /// <param name="request">See the other overload.</param>
        /// <param name="selector">Called for every event, on the thread that reads.</param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">The clock of all delays and timeouts. Default: <see cref="DefaultScheduler"/>.</param>
        /// <returns>The cold observable.</returns>
        /// <exception cref="ArgumentNullException">One of the first three arguments is null.</exception>
        /// <exception cref="ArgumentException">As with <c>FromSse</c>, for the address and the scheduler.</exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// An option of a strategy that <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds is out of range (Polly).
        /// </exception>
        public static IObservable<T> FromSse<T>(
            HttpClient client,
            SseRequest request,
            SseSelector<T> selector,
            SseOptions? options = null,
            IScheduler? scheduler = null)
        {
            Throw.IfNull(selector);
            return NewStream<T>(client, request, options, scheduler, SinkOf(selector));
        }

        /// <summary>
        /// The same stream, with everything that happens on it, in order: <see cref="SseConnecting"/>,
        /// <see cref="SseOpened"/>, <see cref="SseEvent"/>, <see cref="SseComment"/> and <see cref="SseDisconnected"/>.
        /// </summary>
        /// <remarks>
        /// All that is said of <see cref="FromSse(HttpClient, SseRequest, SseOptions?, IScheduler?)"/> holds.
        /// <c>signals.OfType&lt;SseEvent&gt;()</c> are the same objects that <c>FromSse</c> delivers. A failure after which
        /// the stream gives up is no <see cref="SseDisconnected"/> but the stream's error.
        /// </remarks>
        /// <param name="client">See <c>FromSse</c>.</param>
        /// <param name="request">See <c>FromSse</c>.</param>
        /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
        /// <param name="scheduler">The clock of all delays and timeouts. Default: <see cref="DefaultScheduler"/>.</param>
        /// <returns>The cold observable.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="request"/> is null.</exception>
        /// <exception cref="ArgumentException">As with <c>FromSse</c>, for the address and the scheduler.</exception>
        /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">
        /// An option of a strategy that <c>ConfigureOutage</c> or <c>ConfigureAttempt</c> adds is out of range (Polly).
        /// </exception>
        public static IObservable<SseSignal> FromSseSignals(
            HttpClient client,
            SseRequest request,
            SseOptions? options = null,
            IScheduler? scheduler = null) =>
            NewStream<SseSignal>(client, request, options, scheduler, static (observer, lastEventId) => new SignalObserverSink(observer, lastEventId));
    }

    /// <summary>
    /// Parses the bytes of an event stream, however they are cut, into its events (WHATWG HTML, section 9.2.6). The
    /// source is one stream: nothing is reconnected.
    /// </summary>
    /// <remarks>
    /// <para>As cold or hot as the source, and on its thread: an event is delivered during the call that brings its
    /// last byte. Completes and fails as the source does; a block that is unfinished by then is dropped, unless
    /// <see cref="SseOptions.DispatchUnterminatedEvent"/> says otherwise for a completion. Fails with
    /// <see cref="SseLimitException"/> when an event is too large.</para>
    /// <para>A chunk is only read during its <c>OnNext</c> call, so its buffer can be reused after that. With
    /// <c>ObserveOn</c> in front of this operator, the call returns before the chunk is read: give each chunk an array
    /// of its own there. Bytes that change while they are read give garbage events, and nothing worse.</para>
    /// <para>The source has to follow the Rx contract: one call at a time. An <c>OnNext</c> from within <c>OnNext</c>,
    /// or while another thread is in it, throws <see cref="InvalidOperationException"/> and its chunk is not parsed.
    /// The subscription fails with the same exception when the running call returns. Use <c>Synchronize()</c> for a
    /// source with several threads.</para>
    /// </remarks>
    /// <param name="source">The body of the stream, in chunks of any size.</param>
    /// <param name="options">
    /// The settings; <see langword="null"/> for the defaults. <see cref="SseOptions.LastEventId"/>,
    /// <see cref="SseOptions.MaxEventSize"/> and <see cref="SseOptions.DispatchUnterminatedEvent"/> apply, the others
    /// do not: there is no connection.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static IObservable<SseEvent> ParseSse(
        this IObservable<ReadOnlyMemory<byte>> source,
        SseOptions? options = null)
    {
        Throw.IfNull(source);
        return new ParseObservable<SseEvent>(source, options ?? SseOptions.Default, NewEventSink);
    }

    /// <summary>Parses the bytes of an event stream into what <paramref name="selector"/> makes of each event's bytes.</summary>
    /// <remarks>As the other overload. In addition, a selector that throws ends the stream with what it threw.</remarks>
    /// <typeparam name="T">What becomes of an event.</typeparam>
    /// <param name="source">The body of the stream, in chunks of any size.</param>
    /// <param name="selector">Called for every event, on the source's thread.</param>
    /// <param name="options">
    /// The settings; <see langword="null"/> for the defaults. <see cref="SseOptions.LastEventId"/>,
    /// <see cref="SseOptions.MaxEventSize"/> and <see cref="SseOptions.DispatchUnterminatedEvent"/> apply.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="selector"/> is null.</exception>
    public static IObservable<T> ParseSse<T>(
        this IObservable<ReadOnlyMemory<byte>> source,
        SseSelector<T> selector,
        SseOptions? options = null)
    {
        Throw.IfNull(source);
        Throw.IfNull(selector);
        return new ParseObservable<T>(source, options ?? SseOptions.Default, SinkOf(selector));
    }

    /// <summary>
    /// Gets the events of a response that is there already, without reconnection. It must have been requested with
    /// <see cref="HttpCompletionOption.ResponseHeadersRead"/>, or the events come only when all of them have come.
    /// </summary>
    /// <remarks>
    /// <para>The response can be read once: a second subscription fails with <see cref="InvalidOperationException"/>.
    /// From the subscription on, the response belongs to it, and is disposed of when the stream ends or the subscriber
    /// leaves.</para>
    /// <para>Completes at the end of the response, unless <see cref="SseOptions.EndOfStream"/> says that it fails, and
    /// at once where the status is 204. Fails with <see cref="SseResponseException"/> where it is no event stream, and
    /// otherwise as <c>FromSse</c> does. <see cref="SseOptions.Reconnection"/> does not apply. Threads and order are those of
    /// <c>FromSse</c>.</para>
    /// </remarks>
    /// <param name="response">The response.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="response"/> is null.</exception>
    /// <exception cref="ArgumentException">The scheduler would block, as with <c>FromSse</c>.</exception>
    public static IObservable<SseEvent> ToSseObservable(
        this HttpResponseMessage response,
        SseOptions? options = null,
        IScheduler? scheduler = null) =>
        Read<SseEvent>(response, options, scheduler, NewEventSink);

    /// <summary>
    /// Gets what <paramref name="selector"/> makes of each event's bytes in a response that is there already.
    /// </summary>
    /// <remarks>
    /// As <see cref="ToSseObservable(HttpResponseMessage, SseOptions?, IScheduler?)"/>. In addition, a selector that
    /// throws ends the stream with what it threw.
    /// </remarks>
    /// <typeparam name="T">What becomes of an event.</typeparam>
    /// <param name="response">The response.</param>
    /// <param name="selector">Called for every event, on the thread that reads.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="response"/> or <paramref name="selector"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">The scheduler would block, as with <c>FromSse</c>.</exception>
    public static IObservable<T> ToSseObservable<T>(
        this HttpResponseMessage response,
        SseSelector<T> selector,
        SseOptions? options = null,
        IScheduler? scheduler = null)
    {
        Throw.IfNull(selector);
        return Read<T>(response, options, scheduler, SinkOf(selector));
    }

    /// <summary>Gets the events of a stream of bytes that is there already, without reconnection.</summary>
    /// <remarks>
    /// The stream can be read once, and belongs to the subscription, as a response does in the other overload. Whatever
    /// it is made of, it is read as an event stream.
    /// </remarks>
    /// <param name="stream">The stream, to be read from where it stands.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be read, or the scheduler would block.</exception>
    public static IObservable<SseEvent> ToSseObservable(
        this Stream stream,
        SseOptions? options = null,
        IScheduler? scheduler = null) =>
        Read<SseEvent>(stream, options, scheduler, NewEventSink);

    /// <summary>
    /// Gets what <paramref name="selector"/> makes of each event's bytes in a stream that is there already.
    /// </summary>
    /// <remarks>
    /// As <see cref="ToSseObservable(Stream, SseOptions?, IScheduler?)"/>. In addition, a selector that throws ends the
    /// stream with what it threw.
    /// </remarks>
    /// <typeparam name="T">What becomes of an event.</typeparam>
    /// <param name="stream">The stream, to be read from where it stands.</param>
    /// <param name="selector">Called for every event, on the thread that reads.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="scheduler">The clock of the idle timeout. Default: <see cref="DefaultScheduler"/>.</param>
    /// <exception cref="ArgumentNullException">
    /// <paramref name="stream"/> or <paramref name="selector"/> is null.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="stream"/> cannot be read, or the scheduler would block.
    /// </exception>
    public static IObservable<T> ToSseObservable<T>(
        this Stream stream,
        SseSelector<T> selector,
        SseOptions? options = null,
        IScheduler? scheduler = null)
    {
        Throw.IfNull(selector);
        return Read<T>(stream, options, scheduler, SinkOf(selector));
    }

    private static EventObserverSink NewEventSink(IObserver<SseEvent> observer, string lastEventId) =>
        new(observer, lastEventId);

    private static Func<IObserver<T>, string, ObserverSink> SinkOf<T>(SseSelector<T> selector) =>
        (observer, lastEventId) => new SelectorObserverSink<T>(observer, selector, lastEventId);

    private static ResponseObservable<T> Read<T>(
        HttpResponseMessage response,
        SseOptions? options,
        IScheduler? scheduler,
        Func<IObserver<T>, string, ObserverSink> newSink)
    {
        Throw.IfNull(response);
        options ??= SseOptions.Default;
        return new ResponseObservable<T>(response, isChecked: false, options, Check(scheduler), newSink);
    }

    private static ResponseObservable<T> Read<T>(
        Stream stream,
        SseOptions? options,
        IScheduler? scheduler,
        Func<IObserver<T>, string, ObserverSink> newSink)
    {
        Throw.IfNull(stream);
        if (!stream.CanRead)
            throw new ArgumentException("The stream cannot be read.", nameof(stream));
        var response = new HttpResponseMessage { Content = new StreamContent(stream) };
        options ??= SseOptions.Default;
        return new ResponseObservable<T>(response, isChecked: true, options, Check(scheduler), newSink);
    }

    private static StreamObservable<T> NewStream<T>(
        HttpClient client,
        SseRequest request,
        SseOptions? options,
        IScheduler? scheduler,
        Func<IObserver<T>, string, ObserverSink> newSink)
    {
        Throw.IfNull(client);
        Throw.IfNull(request);
        if (request.Address is { } address && SseRequest.IsRelative(address) && client.BaseAddress is null)
            throw new ArgumentException("The address is relative, and the client has no base address.", nameof(request));
        var stream = new SseStream(client, request, options ?? SseOptions.Default, Check(scheduler));
        return new StreamObservable<T>(stream, newSink);
    }

    /// <summary>Waiting on one of these two blocks the thread that is to do what is waited for.</summary>
    private static IScheduler Check(IScheduler? scheduler) => scheduler switch
    {
        null => DefaultScheduler.Instance,
        ImmediateScheduler or CurrentThreadScheduler =>
            throw new ArgumentException("A scheduler that waits on the calling thread cannot run an asynchronous stream.", nameof(scheduler)),
        _ => scheduler,
    };
}
